using System.Globalization;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Says in words what a client is doing, why, and what would help. Pure.</summary>
internal static class Advisor
{
    private const double ManyFailures = 0.05;

    /// <summary>Looks at a client, and at what it did of late.</summary>
    /// <param name="client">The client now.</param>
    /// <param name="recent">The attempts of the last seconds.</param>
    public static Advice For(ClientSnapshot client, AttemptTotals recent)
    {
        var rate = client.SendRate;
        return client.Breaker is BreakerState.Open or BreakerState.Isolated ? OpenCircuit()
            : rate.State == LimiterState.Closed ? Closed(rate)
            : client.Quota.IsEmpty ? NoQuota(client.Quota, recent)
            : rate.State == LimiterState.Limiting ? Limited(rate)
            : ShareOf(recent.Transient, recent) >= ManyFailures ? Failing(recent)
            : Fine();
    }

    private static Advice OpenCircuit() => new(
        AdviceLevel.Failing,
        "circuit open",
        "The circuit breaker is open: nothing is sent, and calls fail at once.",
        "Look at the upstream: most attempts failed. One attempt probes when the break is over.");

    private static Advice Closed(SendRateSnapshot rate) => new(
        AdviceLevel.Failing,
        "paused",
        Text($"Paused{Since(rate)}: the upstream wants nothing sent for another {Seconds(rate.ClosedFor)}.")
            + " Calls fail at once with the time to come again.",
        "Wait, or send elsewhere meanwhile. If it comes often, ask the upstream's owner for a higher limit.");

    private static Advice NoQuota(QuotaSnapshot quota, AttemptTotals recent) => new(
        AdviceLevel.Failing,
        "no retries",
        Text($"The retry quota is used up ({quota.Available} of {quota.Capacity} left): failures are returned ")
            + Text($"without retries. Of the last attempts {Percent(ShareOf(Failures(recent), recent))} failed."),
        "Look at the upstream: too many calls fail. The quota refills as calls succeed; a larger one would only add "
            + "load to an upstream in trouble.");

    private static Advice Limited(SendRateSnapshot rate) => new(
        AdviceLevel.Slowed,
        "slowed",
        Text($"Slowed{Since(rate)} to {Rate(rate.SendRate)}/s. {Waiting(rate.Waiting)}"),
        rate.Waiting > 0
            ? HelpFor(rate.Kind)
            : "Nothing is needed: the upstream keeps up with what is asked of it now, and the bound goes away about a "
                + "minute after its last refusal.");

    private static string HelpFor(LimitKind kind) => kind switch
    {
        LimitKind.Concurrency => "Fewer calls at the same time, faster answers of the upstream, or more slots there.",
        LimitKind.Window => "A larger allowance for each window from the upstream's owner; or fewer calls: cache, "
            + "batch, or move work to quiet hours.",
        _ => "A higher limit from the upstream's owner; or fewer calls: cache, batch, or spread them over time. More "
            + "instances or more retries would not help.",
    };

    private static Advice Failing(AttemptTotals recent) => new(
        AdviceLevel.Failing,
        "failing",
        Text($"Not slowed, but {Percent(ShareOf(recent.Transient, recent))} of the last attempts failed with faults ")
            + "that may pass.",
        "Look at the upstream: it fails without saying that it is asked too much.");

    private static Advice Fine() => new(
        AdviceLevel.Fine, "not slowed", "Not slowed: the upstream takes what is sent.", "Nothing, all is well.");

    private static string Since(SendRateSnapshot rate) =>
        Text($" since {rate.SlowedSince:HH:mm:ss} UTC by rule {rate.SlowedBy ?? "unknown"}");

    private static string Waiting(int callers) => callers switch
    {
        0 => "Nobody waits.",
        1 => "One caller waits.",
        _ => Text($"{callers} callers wait."),
    };

    private static string Rate(double? rate) => Text($"{rate:G3}") is var text && text.Contains('E')
        ? Text($"{rate:F0}")
        : text;

    private static string Seconds(TimeSpan? time) => Text($"{Math.Ceiling(time?.TotalSeconds ?? 0)} s");

    private static string Percent(double share) => Text($"{share * 100:F0} %");

    private static long Failures(AttemptTotals recent) => recent.Total - recent.Succeeded - recent.Permanent;

    private static double ShareOf(long part, AttemptTotals recent) =>
        recent.Total <= 0 ? 0 : (double)part / recent.Total;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
