using System.Globalization;
using System.Text.Json.Serialization;

namespace StoreFront.Live;

/// <summary>What a visitor can turn: the upstream, and the load on it.</summary>
/// <param name="Limit">Calls a second that the upstream takes.</param>
/// <param name="ErrorShare">Share of taken calls that it answers with 503, from 0 to 1.</param>
/// <param name="Latency">How long it takes to answer, in milliseconds.</param>
/// <param name="Hint">What a refusal says: nothing, the true wait, or one second.</param>
/// <param name="Callers">How many callers each client has.</param>
internal sealed record LiveKnobs(double Limit, double ErrorShare, double Latency, LiveHint Hint, int Callers)
{
    public static LiveKnobs Initial { get; } = new(50, 0, 20, LiveHint.None, 40);

    /// <summary>The upstream in the words of FlakyUpstream.</summary>
    [JsonIgnore]
    public string Behaviour => string.Create(
        CultureInfo.InvariantCulture,
        $"token-bucket?rate={Limit}&burst={Math.Max(1, Math.Round(Limit / 5))}&delay={Latency}"
        + $"&errorShare={ErrorShare}&errorStatus=503{HintText}");

    private string HintText => Hint switch
    {
        LiveHint.Exact => "&retryAfter=exact",
        LiveHint.OneSecond => "&retryAfter=1",
        _ => "",
    };

    /// <summary>Says what is out of range, if anything.</summary>
    public string? Problem() =>
        Limit is not (>= 1 and <= 300) ? "limit must be between 1 and 300"
        : ErrorShare is not (>= 0 and <= 1) ? "errorShare must be between 0 and 1"
        : Latency is not (>= 0 and <= 2000) ? "latency must be between 0 and 2000"
        : Callers is not (>= 1 and <= 100) ? "callers must be between 1 and 100"
        : Enum.IsDefined(Hint) ? null
        : "hint is unknown";
}
