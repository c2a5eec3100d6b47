using System.Globalization;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>Prints what became of the orders, by what happened at the first attempt that was not refused.</summary>
internal static class OrderTable
{
    public static void Print(string title, OrderPlan plan, OrderUpstream upstream, OrderOutcome[] outcomes)
    {
        var orders = Enumerable.Range(0, outcomes.Length).ToList();
        Write($"{title}: {outcomes.Length} orders, {orders.Sum(upstream.AttemptsOf)} attempts");
        Write("| first attempt not refused | orders | refused before | taken 0/1/2+ times | told so | stop reasons |");
        Write("|---|---|---|---|---|---|");
        var rows = orders.GroupBy(order => plan.FirstNotRefused(order).Step.Name);
        foreach (var row in rows.OrderByDescending(row => row.Count()))
        {
            Write(Row(row.Key, [.. row], plan, upstream, outcomes));
        }

        Write(Row("all", orders, plan, upstream, outcomes));
    }

    private static string Row(
        string name, List<int> orders, OrderPlan plan, OrderUpstream upstream, OrderOutcome[] outcomes)
    {
        var refused = orders.Count(order => plan.StepOf(order, 1).Refuses);
        var taken = orders.Select(upstream.ExecutionsOf).ToList();
        var reasons = orders.GroupBy(order => outcomes[order].StopReason?.ToString() ?? "exception")
            .OrderByDescending(reason => reason.Count());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {orders.Count} | {refused} | "
            + $"{taken.Count(n => n == 0)} / {taken.Count(n => n == 1)} / {taken.Count(n => n > 1)} | "
            + $"{orders.Count(order => outcomes[order].Succeeded)} | "
            + $"{string.Join(", ", reasons.Select(reason => $"{reason.Key} {reason.Count()}"))} |");
    }

    private static void Write(string line) => TestContext.Out.WriteLine(line);
}
