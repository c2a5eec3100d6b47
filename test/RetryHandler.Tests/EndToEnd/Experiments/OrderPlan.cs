namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// Says what happens to every attempt of every order: from a seed, and the same however the calls interleave, so that
/// the right outcome of each order is known beforehand.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="RefusedShare">How often an attempt is refused.</param>
/// <param name="FailedShare">How often an attempt that is not refused fails in a way that proves nothing.</param>
/// <param name="MayAlwaysSucceed">
/// Whether refusals stop before the defaults give up and the first failure is the last, as for requests that must not
/// be repeated after it.
/// </param>
internal sealed record OrderPlan(int Seed, double RefusedShare, double FailedShare, bool MayAlwaysSucceed)
{
    /// <summary>Finds what happens to an attempt, counted from 1.</summary>
    public OrderStep StepOf(int order, int attempt)
    {
        var random = new Random(HashOf(order, attempt));
        if (random.NextDouble() < RefusedShare)
        {
            var refusal = OrderStep.Refusals[random.Next(OrderStep.Refusals.Count)];
            if (!MayAlwaysSucceed || attempt < refusal.MostAttempts)
            {
                return refusal;
            }
        }

        return random.NextDouble() < FailedShare
            ? OrderStep.Failures[random.Next(OrderStep.Failures.Count)]
            : OrderStep.Accept;
    }

    /// <summary>Finds the first attempt that is not refused.</summary>
    public (OrderStep Step, int Attempt) FirstNotRefused(int order)
    {
        var attempt = 1;
        while (StepOf(order, attempt).Refuses)
        {
            attempt++;
        }

        return (StepOf(order, attempt), attempt);
    }

    // Not HashCode, which differs from process to process.
    private int HashOf(int order, int attempt)
    {
        var hash = unchecked((uint)((Seed * 73_856_093) ^ (order * 19_349_663) ^ (attempt * 83_492_791)));
        hash = unchecked((hash ^ (hash >> 15)) * 0x85EB_CA6B);
        return (int)((hash ^ (hash >> 13)) & int.MaxValue);
    }
}
