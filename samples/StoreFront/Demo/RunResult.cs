using FlakyUpstream;

namespace StoreFront.Demo;

/// <summary>What one client achieved against one upstream.</summary>
internal sealed record RunResult(ClientKind Client, LoadRun Run, TimeSpan Time, UpstreamStats Upstream)
{
    private readonly IReadOnlyList<TimeSpan> _latencies = Run.SortedLatencies;

    public int Failed => Run.Calls - Run.Succeeded;

    public double RefusedShare => Upstream.Attempts == 0 ? 0 : (double)Upstream.Refused / Upstream.Attempts;

    /// <param name="share">0.5 for the median.</param>
    public TimeSpan Latency(double share) =>
        _latencies.Count == 0 ? TimeSpan.Zero : _latencies[(int)Math.Ceiling(share * _latencies.Count) - 1];
}
