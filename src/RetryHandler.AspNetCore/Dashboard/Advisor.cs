using System.Globalization;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Says in words what a client is doing, why, and what would help. Pure.</summary>
internal static class Advisor
{
    private const double ManyFailures = 0.05;
    private const double ManyRefusals = 0.1;

    // The core package's name for a client that keeps to the rate of its own settings.
    private const string InitialRate = "initial-rate";

    /// <summary>Looks at a client, and at what it did of late.</summary>
    /// <param name="client">The client now.</param>
    /// <param name="recent">What it did in the last seconds.</param>
    /// <param name="now">The instant of the look.</param>
    public static Advice For(ClientSnapshot client, RecentCalls recent, DateTimeOffset now)
    {
        var rate = client.SendRate;
        return client.Breaker == BreakerState.Open ? OpenCircuit()
            : rate.State == LimiterState.Closed ? Closed(rate, now)
            : client.Quota.IsEmpty ? NoQuota(client.Quota, recent.Attempts)
            : rate.State == LimiterState.Limiting ? Limited(rate, recent, now)
            : ShareOf(recent.Attempts.Transient, recent.Attempts) >= ManyFailures ? Failing(recent.Attempts)
            : Fine();
    }

    private static Advice OpenCircuit() => new(
        AdviceLevel.Failing,
        "circuit open",
        "The circuit breaker is open: nothing is sent, and calls fail at once.",
        "Look at the upstream: most attempts failed. One attempt probes when the break is over.");

    private static Advice Closed(SendRateSnapshot rate, DateTimeOffset now) => new(
        AdviceLevel.Failing,
        "paused",
        Text($"Slowed{Since(rate, now)}; the upstream wants nothing sent for another {Seconds(rate.PausedFor)}.")
            + " That is longer than calls may wait, so they fail at once with the time to come again.",
        "Wait, or send elsewhere meanwhile. Calls would wait for the end with a longer ServerDelay.MaxDelay, "
            + "SendRate.MaxWait or TotalTimeout. If it comes often, ask the upstream's owner for a higher limit.");

    private static Advice NoQuota(QuotaSnapshot quota, AttemptTotals recent) => new(
        AdviceLevel.Failing,
        "no retries",
        Text($"The retry quota is used up ({quota.Available} of {quota.Capacity} left): failures are returned ")
            + Text($"without retries. Of the last attempts {Percent(ShareOf(Failures(recent), recent))} failed."),
        "Look at the upstream: too many calls fail. The quota refills as calls succeed; a larger one would only add "
            + "load to an upstream in trouble.");

    private static Advice Limited(SendRateSnapshot rate, RecentCalls recent, DateTimeOffset now)
    {
        var summary = Text($"Slowed{Since(rate, now)}{To(rate)}.{Pause(rate)} {Waiting(rate.Waiting)}");
        var failed = ShareOf(recent.Attempts.Transient, recent.Attempts);
        var refused = ShareOf(recent.Attempts.Throttled, recent.Attempts);
        if (recent.HeldBack > 0)
        {
            return new Advice(
                AdviceLevel.Failing,
                "slowed, calls fail",
                Text($"{summary} {HeldBack(recent.HeldBack)}"),
                HelpFor(rate) + " Or let calls wait longer: SendRate.MaxWait, SendRate.QueueLimit, TotalTimeout.");
        }

        if (failed >= ManyFailures)
        {
            return new Advice(
                AdviceLevel.Failing,
                "slowed, failing",
                Text($"{summary} Of the last attempts {Percent(failed)} failed with faults that may pass, and ")
                    + Text($"{Percent(refused)} were refused."),
                "Look at the upstream first: it fails also where it is not asked too much.");
        }

        var isOftenRefused = refused >= ManyRefusals;
        return new Advice(
            AdviceLevel.Slowed,
            "slowed",
            isOftenRefused ? Text($"{summary} Of the last attempts {Percent(refused)} were refused.") : summary,
            rate.Waiting > 0 || isOftenRefused ? HelpFor(rate) : NoHelpFor(rate));
    }

    private static string HelpFor(SendRateSnapshot rate) => rate.Kind switch
    {
        _ when rate.SlowedBy == InitialRate =>
            "A higher SendRate.InitialRate, if the upstream takes more: this rate is the one of the client's settings.",
        LimitKind.Concurrency => "Fewer calls at the same time, faster answers of the upstream, or more slots there.",
        LimitKind.Window => "A larger allowance for each window from the upstream's owner; or fewer calls: cache, "
            + "batch, or move work to quiet hours.",
        LimitKind.SharedRate => "Others seem to use the same limit: fewer calls there or here, a limit for each, or a "
            + "higher one from the upstream's owner. More instances or more retries would not help.",
        LimitKind.PublishedBudget => "A larger budget from the upstream's owner, who publishes this one; or fewer "
            + "calls: cache, batch, or spread them over time. Nothing need be refused meanwhile.",
        _ => "A higher limit from the upstream's owner; or fewer calls: cache, batch, or spread them over time. More "
            + "instances or more retries would not help.",
    };

    private static string NoHelpFor(SendRateSnapshot rate) => rate.SlowedBy == InitialRate
        ? "Nothing is needed: fewer calls are made than the client's settings let through."
        : "Nothing is needed: the upstream keeps up with what is asked of it now, and the bound goes away about a "
            + "minute after its last refusal.";

    private static Advice Failing(AttemptTotals recent) => new(
        AdviceLevel.Failing,
        "failing",
        Text($"Not slowed, but {Percent(ShareOf(recent.Transient, recent))} of the last attempts failed with faults ")
            + "that may pass.",
        "Look at the upstream: it fails without saying that it is asked too much.");

    private static Advice Fine() => new(
        AdviceLevel.Fine, "not slowed", "Not slowed: the upstream takes what is sent.", "Nothing, all is well.");

    private static string Since(SendRateSnapshot rate, DateTimeOffset now)
    {
        var day = rate.SlowedSince?.UtcDateTime.Date == now.UtcDateTime.Date
            ? ""
            : Text($"{rate.SlowedSince?.UtcDateTime:yyyy-MM-dd} ");
        return Text($" since {day}{rate.SlowedSince?.UtcDateTime:HH:mm:ss} UTC by rule {rate.SlowedBy ?? "unknown"}");
    }

    /// <summary>Says how much is let through, in the measure of the limit.</summary>
    private static string To(SendRateSnapshot rate) =>
        rate.MaxConcurrency is { } most ? Text($" to {most} at the same time")
        : rate.WindowLength is { } length ? Text($" to {rate.WindowCount} per {length.TotalSeconds:G3} s")
        : rate.WindowCount is { } count ? Text($" to {count} in each window")
        : rate.SendRate is { } bound ? Text($" to {Rate(bound)}/s")
        : "";

    private static string Pause(SendRateSnapshot rate) =>
        rate.PausedFor is not { } pause ? ""
        : pause > TimeSpan.Zero ? Text($" Nothing is sent for another {Seconds(pause)}, then one attempt probes.")
        : " One attempt probes whether a pause is over.";

    private static string Waiting(int callers) => callers switch
    {
        0 => "Nobody waits.",
        1 => "One caller waits.",
        _ => Text($"{callers} callers wait."),
    };

    private static string HeldBack(long calls) => calls == 1
        ? "One call has just failed unsent: its wait would have been too long."
        : Text($"{calls} calls have just failed unsent: their wait would have been too long.");

    private static string Rate(double rate) => Text($"{rate:G3}") is var text && text.Contains('E')
        ? Text($"{rate:F0}")
        : text;

    private static string Seconds(TimeSpan? time) => Text($"{Math.Ceiling(time?.TotalSeconds ?? 0)} s");

    private static string Percent(double share) => Text($"{share * 100:F0} %");

    private static long Failures(AttemptTotals recent) => recent.Total - recent.Succeeded - recent.Permanent;

    private static double ShareOf(long part, AttemptTotals recent) =>
        recent.Total <= 0 ? 0 : (double)part / recent.Total;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
