namespace RetryHandler.Telemetry;

/// <summary>Takes snapshots of the clients of one service provider.</summary>
internal sealed class AdaptiveRetryMonitor(TelemetryHub hub, TimeProvider timeProvider) : IAdaptiveRetryMonitor
{
    private const int MostPartitions = 100;

    public AdaptiveRetrySnapshot GetSnapshot() => new(timeProvider.GetUtcNow(), [.. hub.Clients.Select(Take)]);

    private static ClientSnapshot Take(ClientTelemetry client)
    {
        var partitions = client.Partitions.Select(static partition => new PartitionSnapshot
        {
            Key = partition.Key,
            IsOverflow = partition.Role == PartitionRole.Overflow,
            Totals = partition.Counters.Read(),
            SendRate = partition.TakeSendRate(),
            Quota = partition.TakeQuota(),
        }).ToList();
        return new ClientSnapshot
        {
            Name = client.Name,
            Totals = client.Counters.Read(),
            SendRate = SnapshotSums.Of([.. partitions.Select(static partition => partition.SendRate)]),
            Quota = SnapshotSums.Of([.. partitions.Select(static partition => partition.Quota)]),
            Breaker = client.Breaker,
            PartitionCount = partitions.Count,
            Partitions = [.. HeldBackMost(partitions).Take(MostPartitions)],
            RecentEvents = client.ReadEvents(),
        };
    }

    private static IOrderedEnumerable<PartitionSnapshot> HeldBackMost(IEnumerable<PartitionSnapshot> partitions) =>
        partitions
            .OrderByDescending(static partition => partition.SendRate.State)
            .ThenByDescending(static partition => partition.SendRate.Waiting)
            .ThenBy(static partition => partition.Key, StringComparer.Ordinal);
}
