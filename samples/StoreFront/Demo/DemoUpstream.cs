using System.Globalization;

namespace StoreFront.Demo;

/// <summary>An upstream of 200 calls a second with a burst of 20.</summary>
/// <param name="Name">How a refusal looks, in words.</param>
/// <param name="Hint">The parameter that makes it look so.</param>
internal sealed record DemoUpstream(string Name, string Hint)
{
    private const int Rate = 200;
    private const int Burst = 20;

    public static IReadOnlyList<DemoUpstream> All { get; } =
    [
        new("429 without a hint", ""),
        new("429 with Retry-After: 1", "&retryAfter=1"),
    ];

    /// <summary>The time that a client would need who always sends at exactly the allowed rate.</summary>
    public static TimeSpan IdealTime(int calls) => TimeSpan.FromSeconds(Math.Max(0, calls - Burst) / (double)Rate);

    /// <summary>The name of a client and of its counters. A bucket of its own keeps the runs apart.</summary>
    public string NameFor(ClientKind client) => $"{client}, {Name}";

    public string BehaviourFor(ClientKind client) => string.Create(
        CultureInfo.InvariantCulture,
        $"token-bucket?rate={Rate}&burst={Burst}{Hint}&key={Uri.EscapeDataString(NameFor(client))}");

    public override string ToString() => $"{Rate} calls/s, burst {Burst}, {Name}";
}
