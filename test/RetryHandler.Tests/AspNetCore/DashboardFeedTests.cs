using System.Text.Json;
using RetryHandler.AspNetCore.Dashboard;

namespace RetryHandler.Tests.AspNetCore;

[CancelAfter(30_000)]
public sealed class DashboardFeedTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly ManualTimeProvider _time = new();
    private readonly CountingMonitor _monitor = new();

    /// <summary>Frames come on the clock's own timer, and only while somebody watches.</summary>
    [Test]
    public async Task WatchAsync_TwoViewers_ShareOneProducerThatEndsWithThem()
    {
        var feed = new DashboardFeed(_monitor, _time, Period);
        var first = feed.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        var second = feed.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.That(await first.MoveNextAsync() && await second.MoveNextAsync());
        Assert.That(_monitor.Snapshots, Is.EqualTo(2), "a complete frame for each");

        for (var tick = 0; tick < 5; tick++)
        {
            _time.Advance(Period);
            Assert.That(await first.MoveNextAsync() && await second.MoveNextAsync());
            Assert.That(second.Current, Is.SameAs(first.Current));
        }

        Assert.That(_monitor.Snapshots, Is.EqualTo(2 + 5));
        await first.DisposeAsync();
        await second.DisposeAsync();
        _time.Advance(Period);
        await VirtualTime.SettleAsync();
        Assert.That(_time.ActiveTimers, Is.Zero, "nobody watches");
        Assert.That(_monitor.Snapshots, Is.EqualTo(2 + 5));
    }

    /// <summary>Frames hold what is new; whoever missed some gets all events that are at hand.</summary>
    [Test]
    public async Task WatchAsync_SlowViewer_GetsACompleteFrameAfterThoseItMissed()
    {
        var feed = new DashboardFeed(_monitor, _time, Period);
        await using var slow = feed.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.That(await slow.MoveNextAsync());
        for (_monitor.Events = 1; _monitor.Events <= 9; _monitor.Events++)
        {
            _time.Advance(Period);
        }

        var seen = new HashSet<int>();
        for (var frame = 0; frame < 4; frame++)
        {
            Assert.That(await slow.MoveNextAsync());
            seen.UnionWith(EventsOf(slow.Current));
        }

        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(1, 9)));
        _time.Advance(Period);
        Assert.That(await slow.MoveNextAsync() && EventsOf(slow.Current).Length > 1, "the last of the complete ones");
        _time.Advance(Period);
        Assert.That(await slow.MoveNextAsync() && EventsOf(slow.Current).Length == 0, "it keeps up again");
    }

    [Test]
    public async Task WatchAsync_MonitorFails_ViewerLearnsOfIt()
    {
        var feed = new DashboardFeed(_monitor, _time, Period);
        _monitor.FailsAfter = 3;

        var watching = WatchAsync();
        await _time.RunAsync(watching);

        Assert.ThrowsAsync<InvalidOperationException>(() => watching);

        async Task WatchAsync()
        {
            await foreach (var frame in feed.WatchAsync(CancellationToken.None))
            {
                Assert.That(frame, Is.Not.Empty);
            }
        }
    }

    /// <summary>The stream outlives the request that it began with, whose context must not live as long.</summary>
    [Test]
    public async Task WatchAsync_LaterFrames_AreNotMadeInTheContextOfTheFirstViewer()
    {
        var request = new AsyncLocal<string?> { Value = "of the first viewer" };
        var seen = new List<string?>();
        _monitor.OnSnapshot = () => seen.Add(request.Value);
        var feed = new DashboardFeed(_monitor, _time, Period);
        await using var frames = feed.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        await frames.MoveNextAsync();

        request.Value = "of the clock";
        _time.Advance(Period);
        await frames.MoveNextAsync();

        Assert.That(seen, Is.EqualTo(new[] { "of the first viewer", "of the clock" }));
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

    private sealed class CountingMonitor : IAdaptiveRetryMonitor
    {
        private int _snapshots;

        public int Snapshots => Volatile.Read(ref _snapshots);

        public int FailsAfter { get; set; } = int.MaxValue;

        public int Events { get; set; }

        public Action? OnSnapshot { get; set; }

        public AdaptiveRetrySnapshot GetSnapshot()
        {
            OnSnapshot?.Invoke();
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
