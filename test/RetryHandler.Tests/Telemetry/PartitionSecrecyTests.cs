using System.Net;

namespace RetryHandler.Tests.Telemetry;

/// <summary>Keys are as many as the application likes: snapshots tell them, and nothing else does.</summary>
[CancelAfter(30_000)]
public sealed class PartitionSecrecyTests
{
    private const string Key = "tenant-4711";

    [Test]
    public async Task Key_ThrottledPartition_IsInTheSnapshotOnly()
    {
        var time = new ManualTimeProvider();
        var upstream = new ScriptedHandler(
            time, ScriptedHandler.Status(429), ScriptedHandler.Status(503), ScriptedHandler.Status(200));
        using var client = new ObservedClient(
            time, upstream, static options => options.Partition.KeySelector = static _ => Key);

        using var response = await client.GetAsync();

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var partition = client.Snapshot.Partitions.Single();
        Assert.That((partition.Key, partition.IsOverflow), Is.EqualTo((Key, false)));
        Assert.That(partition.SendRate.State, Is.EqualTo(LimiterState.Limiting));
        Assert.That(partition.Totals.Attempts.Total, Is.EqualTo(3));
        Assert.That(client.Snapshot.RecentEvents.Select(static e => e.Partition), Has.All.EqualTo(Key));
        Assert.That(client.Monitor.GetSnapshot().ToJson(), Does.Contain(Key));
        var series = client.Metrics.Instruments.Keys.SelectMany(
            name => client.Metrics.Sums(name).Concat(client.Metrics.Gauge(name))).ToList();
        Assert.That(series, Is.Not.Empty);
        Assert.That(series.Select(static one => one.Key), Has.None.Contains(Key));
        Assert.That(client.Metrics.Gauge("adaptive_retry.partitions").Values, Is.EqualTo(new[] { 1d }));
        Assert.That(client.OwnLogs, Is.Not.Empty);
        Assert.That(client.OwnLogs.Select(static entry => entry.Message), Has.None.Contains(Key));
    }
}
