using RetryHandler.State;
using RetryHandler.Telemetry;

namespace RetryHandler.Tests.State;

[TestFixture]
public sealed class ClientFootprintTests
{
    private const int Count = 8_000;

    /// <summary>A program may have many clients, of which most are idle. Exactly: FootprintTable of the benchmarks.</summary>
    [Test]
    [NonParallelizable]
    public void ClientState_Idle_TakesLessThanFourKibibytes()
    {
        var states = new ClientState[Count];
        using var hub = new TelemetryHub();
        states[0] = Make(hub); // Brings what all share.
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < Count; i++)
        {
            states[i] = Make(hub);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        GC.KeepAlive(states);
        Assert.That(bytes, Is.InRange(1_000, 4_096));
    }

    private static ClientState Make(TelemetryHub hub) =>
        new("client", new AdaptiveRetryOptions(), TimeProvider.System, hub);
}
