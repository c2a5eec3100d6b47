using System.Text.Json;
using RetryHandler.AspNetCore.Dashboard;

namespace RetryHandler.Tests.AspNetCore;

[CancelAfter(30_000)]
public sealed class DashboardFeedTests
{
    private readonly CountingMonitor _monitor = new();

    /// <summary>Frames come on the clock's own timer, and only while somebody watches.</summary>
    [Test]
    public async Task WatchAsync_TwoViewers_ShareOneProducerThatEndsWithThem()
    {
        var feed = new DashboardFeed(_monitor, TimeProvider.System, TimeSpan.FromMilliseconds(50));
        using var end = new CancellationTokenSource();

        var counts = await Task.WhenAll(CountAsync(feed, 6, end), CountAsync(feed, 6, end));

        // One complete frame for each viewer, and the ticks that both saw.
        Assert.That(counts, Is.All.GreaterThanOrEqualTo(6));
        Assert.That(_monitor.Snapshots, Is.LessThan(counts.Sum()));
        Assert.That(feed.Viewers, Is.Zero);
        await Task.Delay(200, CancellationToken.None);
        var after = _monitor.Snapshots;
        await Task.Delay(200, CancellationToken.None);
        Assert.That(_monitor.Snapshots, Is.EqualTo(after), "nobody watches");
    }

    [Test]
    public void WatchAsync_MonitorFails_ViewerLearnsOfIt()
    {
        var feed = new DashboardFeed(_monitor, TimeProvider.System, TimeSpan.FromMilliseconds(20));
        _monitor.FailsAfter = 3;

        Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var frame in feed.WatchAsync(CancellationToken.None))
            {
                Assert.That(frame, Is.Not.Empty);
            }
        });
    }

    [Test]
    public void Next_SecondFrame_HoldsOnlyNewEvents()
    {
        var frames = new FrameMaker(_monitor);
        _monitor.Events = 3;

        var complete = EventsOf(frames.Next(complete: true));
        var first = EventsOf(frames.Next(complete: false));
        _monitor.Events = 5;
        var second = EventsOf(frames.Next(complete: false));
        var third = EventsOf(frames.Next(complete: false));
        var newcomer = EventsOf(frames.Next(complete: true));

        Assert.That(complete, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(first, Is.EqualTo(new[] { 1, 2, 3 }), "a complete frame goes to one page only");
        Assert.That(second, Is.EqualTo(new[] { 4, 5 }));
        Assert.That(third, Is.Empty);
        Assert.That(newcomer, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
    }

    private static int[] EventsOf(byte[] frame)
    {
        using var json = JsonDocument.Parse(frame);
        return [.. json.RootElement.GetProperty("clients")[0].GetProperty("snapshot").GetProperty("recentEvents")
            .EnumerateArray().Select(static happened => happened.GetProperty("number").GetInt32())];
    }

    private static async Task<int> CountAsync(DashboardFeed feed, int frames, CancellationTokenSource end)
    {
        var count = 0;
        await foreach (var frame in feed.WatchAsync(end.Token))
        {
            if (++count == frames)
            {
                break;
            }
        }

        return count;
    }

    private sealed class CountingMonitor : IAdaptiveRetryMonitor
    {
        private int _snapshots;

        public int Snapshots => Volatile.Read(ref _snapshots);

        public int FailsAfter { get; set; } = int.MaxValue;

        public int Events { get; set; }

        public AdaptiveRetrySnapshot GetSnapshot()
        {
            if (Interlocked.Increment(ref _snapshots) > FailsAfter)
            {
                throw new InvalidOperationException("Broken.");
            }

            var events = Enumerable.Range(1, Events).Select(static number => new RetryEvent
            {
                Number = number,
                At = DateTimeOffset.UnixEpoch,
                Kind = RetryEventKind.Restored,
            });
            return new AdaptiveRetrySnapshot(DateTimeOffset.UnixEpoch, [new ClientSnapshot
            {
                Name = "orders",
                Totals = new RetryHandler.Telemetry.CallCounters().Read(),
                SendRate = new SendRateSnapshot { State = LimiterState.Dormant },
                Quota = new QuotaSnapshot(1, 1),
                PartitionCount = 1,
                Partitions = [],
                RecentEvents = [.. events],
            }]);
        }
    }
}
