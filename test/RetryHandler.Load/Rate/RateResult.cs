using FlakyUpstream;

namespace RetryHandler.Load.Rate;

/// <summary>What came out of a run.</summary>
internal sealed record RateResult(RateScenario Scenario, RateClient Client, RateRun Run, UpstreamStats Upstream)
{
    public double AttemptsPerCall => Upstream.Attempts / (double)Run.Calls;

    public double OfIdeal => Run.Seconds / Scenario.IdealSeconds(Run.Calls);

    public double RefusedShare => Upstream.Attempts == 0 ? 0 : Upstream.Refused / (double)Upstream.Attempts;

    /// <summary>Gets what is asked of this library; the others are there to be compared with.</summary>
    public IReadOnlyList<Bar> Bars => Client != RateClient.Adaptive ? [] :
    [
        new("failed", Run.Calls - Run.Succeeded, Max: 0),
        .. Scenario.MaxTime is { } time ? [new Bar("of ideal", OfIdeal, Max: time)] : Array.Empty<Bar>(),
        new("attempts/call", AttemptsPerCall, Max: Scenario.MaxAttempts),
        .. Scenario.MaxTail is { } tail ? [new Bar("p99", Run.Latency(0.99), Max: tail, Unit: " s")] : Array.Empty<Bar>(),
    ];
}
