using RetryHandler.State;
using RetryHandler.Telemetry;
using static RetryHandler.Tests.State.PartitionedClient;

namespace RetryHandler.Tests.State;

/// <summary>Partitions are bounded: in number, in idle time and in size.</summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class PartitionEvictionTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task Idle_LongerThanTheTimeout_IsDropped()
    {
        using var client = Client(static _ => 200, static partition => partition.IdleTimeout = TimeSpan.FromMinutes(1));
        await client.SendAsync("a");
        _time.Advance(TimeSpan.FromSeconds(30));
        await client.SendAsync("b");

        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.That(client.Keys, Is.EqualTo(["a", "b"]));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(client.Keys, Is.EqualTo(["b"]));
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.That(client.Keys, Is.Empty);
        Assert.That(client.Partitions.Single().Role, Is.EqualTo(PartitionRole.Common));
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Idle_UsedMeanwhile_IsKept()
    {
        using var client = Client(static _ => 200, static partition => partition.IdleTimeout = TimeSpan.FromMinutes(1));
        await client.SendAsync("a");
        var limiter = client.Of("a").Limiter;

        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(59));
            await client.SendAsync("a");
        }

        Assert.That(client.Of("a").Limiter, Is.SameAs(limiter));
    }

    [Test]
    public async Task Idle_SameKeyAfterTheTimeout_StartsAnew()
    {
        using var client = Client(static _ => 503);
        await client.SendAsync("a");

        _time.Advance(TimeSpan.FromMinutes(10));
        await client.SendAsync("a");

        Assert.That(client.Of("a").Counters.Read().Calls, Is.EqualTo(1));
        Assert.That(client.State.Telemetry.Counters.Read().Calls, Is.EqualTo(2), "the client's totals stay");
    }

    [Test]
    public async Task Full_NewKey_TakesThePlaceOfTheLeastRecentlyUsed()
    {
        using var client = Client(static _ => 200, static partition => partition.MaxPartitions = 3);

        foreach (var key in new[] { "a", "b", "c", "a", "d" })
        {
            await client.SendAsync(key);
        }

        Assert.That(client.Keys, Is.EqualTo(["a", "c", "d"]));
    }

    [Test]
    public async Task Full_PartitionInUse_IsNeverDropped()
    {
        var answer = new TaskCompletionSource<int>();
        using var client = new PartitionedClient(
            _time, key => key == "busy" ? answer.Task : Task.FromResult(200), static p => p.MaxPartitions = 2);
        var call = client.Start(Request("busy"));
        var limiter = client.Of("busy").Limiter;

        foreach (var key in new[] { "a", "b", "c" })
        {
            await client.SendAsync(key);
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(client.Of("busy").Limiter, Is.SameAs(limiter));
        Assert.That(client.Keys, Is.EqualTo(["busy"]));

        answer.SetResult(200);
        (await call).Dispose();
        Assert.That(client.Keys, Is.EqualTo(["busy"]), "idle only since now");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(client.Keys, Is.Empty);
    }

    /// <summary>Between two attempts nothing is in flight, and still the call needs its partition.</summary>
    [Test]
    public async Task Full_CallWaitsForItsRetry_PartitionIsKept()
    {
        using var client = Client(
            static key => key == "slow" ? 429 : 200, static partition => partition.MaxPartitions = 1);
        var call = client.Start(Request("slow"));
        await VirtualTime.SettleAsync();
        Assert.That(_time.ActiveTimers, Is.GreaterThan(0), "it waits");

        using var other = await client.Start(Request("other"));

        Assert.That(client.Keys, Is.EqualTo(["slow"]));
        (await _time.RunAsync(call)).Dispose();
    }

    [Test]
    public async Task Full_NoneIdle_FurtherKeysShareTheOverflowPartition()
    {
        var answer = new TaskCompletionSource<int>();
        var status = 429;
        using var client = new PartitionedClient(
            _time, key => key == "busy" ? answer.Task : Task.FromResult(status), static p => p.MaxPartitions = 1);
        var call = client.Start(Request("busy"));

        await client.SendAsync("a");
        status = 200;
        await client.SendAsync("b");

        var overflow = client.Partitions.Single(static partition => partition.Role == PartitionRole.Overflow);
        Assert.That(overflow.Counters.Read().Calls, Is.EqualTo(2));
        Assert.That(overflow.Key, Is.Null);
        Assert.That(overflow.Limiter.IsLimiting);
        Assert.That(client.Of("busy").Limiter.IsLimiting, Is.False);

        answer.SetResult(200);
        (await call).Dispose();
        await client.SendAsync("b");
        Assert.That(client.Keys, Is.EqualTo(["b"]), "there is place again");
        Assert.That(overflow.Counters.Read().Calls, Is.EqualTo(2));

        _time.Advance(client.Options.Partition.IdleTimeout);
        Assert.That(client.Partitions.Select(static partition => partition.Role), Has.None.EqualTo(PartitionRole.Overflow));
    }

    [Test]
    public async Task Apply_LowerCap_DropsTheLeastRecentlyUsed()
    {
        using var client = Client(static _ => 200);
        foreach (var key in new[] { "a", "b", "c", "a" })
        {
            await client.SendAsync(key);
        }

        client.Options.Partition.MaxPartitions = 2;
        client.State.Apply(client.Options);

        Assert.That(client.Keys, Is.EqualTo(["a", "c"]));
    }

    [Test]
    public async Task ManyTasks_ManyKeys_CountEveryCallOnce()
    {
        const int Tasks = 64;
        const int Calls = 500;
        const int Keys = 1000;
        using var client = Client(static _ => 200, static partition => partition.MaxPartitions = 100);
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < Calls; i++)
            {
                (await client.Start(Request($"{((task * 7919) + (i * 31)) % Keys}"))).Dispose();
                if (i % 100 == 0)
                {
                    InterlockedMax(ref most, client.Keys.Count());
                    client.State.Apply(client.Options);
                }
            }
        })));

        Assert.That(most, Is.InRange(1, 100));
        Assert.That(client.Keys.Count(), Is.LessThanOrEqualTo(100));
        Assert.That(client.State.Telemetry.Counters.Read().Succeeded, Is.EqualTo(Tasks * Calls));
        Assert.That(client.Partitions.Select(static p => p.Limiter.State.Waiting), Has.All.Zero);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(client.Keys, Is.Empty, "every call gave its partition back");
    }

    [Test]
    public async Task ManyTasks_RoomForAll_EachKeyHasExactlyOnePartition()
    {
        const int Tasks = 64;
        const int Keys = 1000;
        using var client = Client(static _ => 200);

        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < Keys; i++)
            {
                (await client.Start(Request($"{(i + (task * 16)) % Keys}"))).Dispose();
            }
        })));

        Assert.That(client.Keys.Count(), Is.EqualTo(Keys));
        Assert.That(
            client.Partitions.Where(static p => p.Role == PartitionRole.Keyed).Select(static p => p.Counters.Read()),
            Has.All.Matches<CallTotals>(static totals => totals.Succeeded == Tasks), "no state was made twice");
    }

    /// <summary>100,000 partitions must stay below 400 MiB.</summary>
    [Test]
    [NonParallelizable]
    public void Idle_Partitions_AreSmall()
    {
        const int Count = 20_000;
        using var client = Client(static _ => 200, static partition => partition.MaxPartitions = Count);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < Count; i++)
        {
            client.Send($"key-{i}").Dispose();
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        TestContext.Out.WriteLine($"{bytes} bytes for each partition");
        Assert.That(bytes, Is.LessThan(4_000));
        GC.KeepAlive(client);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private PartitionedClient Client(Func<string, int> answer, Action<PartitionOptions>? configure = null) =>
        new(_time, key => Task.FromResult(answer(key)), configure);
}
