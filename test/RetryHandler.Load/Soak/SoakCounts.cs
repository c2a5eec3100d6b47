using FlakyUpstream;

namespace RetryHandler.Load.Soak;

/// <summary>Whether callers, library and upstream counted the same for a client, after its last call.</summary>
internal static class SoakCounts
{
    public static IEnumerable<Bar> Check(SoakClient client, SoakTally tally, ClientSnapshot snapshot, UpstreamStats upstream)
    {
        var (totals, attempts) = (snapshot.Totals, snapshot.Totals.Attempts);
        yield return Exactly("calls", totals.Calls, tally.Started);
        yield return Exactly("succeeded", totals.Succeeded, tally.Succeeded);
        yield return Exactly("failed", totals.Failed, tally.Failed);
        yield return Exactly("waiting", snapshot.SendRate.Waiting, 0);
        if (client.IsCountExact)
        {
            yield return Exactly($"{client.Name}: attempts", attempts.Total, upstream.Attempts);
        }
        else if (client.AreConnectionsCut)
        {
            // The transport itself sends again what a connection that it had used before did not answer.
            yield return new Bar($"{client.Name}: attempts", attempts.Total, Min: upstream.Attempts - upstream.Faulted, Max: upstream.Attempts);
        }
        else
        {
            // What was left may have gone before the upstream saw it.
            yield return new Bar(
                $"{client.Name}: attempts", attempts.Total, Min: upstream.Attempts, Max: upstream.Attempts + attempts.Abandoned + attempts.Transient);
        }

        Bar Exactly(string name, double value, double expected) =>
            new($"{client.Name}: {name}", value, Min: expected, Max: expected);
    }
}
