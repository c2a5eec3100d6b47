namespace RetryHandler.Telemetry;

/// <summary>A client as the sum of its partitions. Pure.</summary>
internal static class SnapshotSums
{
    public static SendRateSnapshot Of(IReadOnlyList<SendRateSnapshot> partitions)
    {
        if (partitions.Count == 1)
        {
            return partitions[0];
        }

        var slowed = partitions.Where(static p => p.State != LimiterState.Dormant).ToList();
        var latest = slowed.MaxBy(static p => p.SlowedSince);
        return new SendRateSnapshot
        {
            State = slowed.Count == 0 ? LimiterState.Dormant : slowed.Max(static p => p.State),
            Kind = latest?.Kind ?? LimitKind.Unknown,
            SendRate = slowed.Exists(static p => p.SendRate is not null) ? slowed.Sum(static p => p.SendRate) : null,
            MaxConcurrency = slowed.Max(static p => p.MaxConcurrency),
            MeasuredRate = partitions.Sum(static p => p.MeasuredRate),
            Tokens = partitions.Sum(static p => p.Tokens),
            Waiting = partitions.Sum(static p => p.Waiting),
            SlowedSince = slowed.Min(static p => p.SlowedSince),
            SlowedBy = latest?.SlowedBy,
            PausedFor = slowed.Max(static p => p.PausedFor),
        };
    }

    public static QuotaSnapshot Of(IReadOnlyList<QuotaSnapshot> partitions) => partitions.Count == 1
        ? partitions[0]
        : new QuotaSnapshot(
            (int)Math.Min(int.MaxValue, partitions.Sum(static p => (long)p.Available)),
            (int)Math.Min(int.MaxValue, partitions.Sum(static p => (long)p.Capacity)))
        {
            IsEmpty = partitions.Any(static p => p.IsEmpty),
        };
}
