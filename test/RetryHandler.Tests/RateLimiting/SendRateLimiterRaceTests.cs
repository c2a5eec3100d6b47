using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>Many waiters, many threads, random cancellation: order kept, no token lost, no deadlock.</summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class SendRateLimiterRaceTests
{
    private const int Waiters = 1_000;
    private const int Racers = 64;
    private const double Rate = 100;

    [Test]
    public async Task AcquireAsync_RandomHalfCancelled_GrantsTheRestInOrder([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var limiter = ThrottledLimiter(time);
        var waiters = Enumerable.Range(0, Waiters).Select(_ => new Waiter(limiter)).ToArray();
        var toCancel = waiters.OrderBy(_ => random.Next()).Take(Waiters / 2).ToArray();
        var cancelled = 0;

        foreach (var expected in waiters)
        {
            // A few leave before each grant, from anywhere in the queue, the head included.
            for (var n = random.Next(0, 3); n > 0 && cancelled < toCancel.Length; n--)
            {
                toCancel[cancelled++].Cancel();
            }

            if (expected.IsCancelled)
            {
                continue;
            }

            Assert.That(expected.Task.IsCompleted, Is.False);
            time.Advance(TimeSpan.FromSeconds(1 / Rate));
            await expected.Task;
        }

        Assert.That(limiter.State.Waiting, Is.Zero);
        Assert.That(time.ActiveTimers, Is.Zero);
        Array.ForEach(waiters, w => w.Dispose());
    }

    [Test]
    public async Task AcquireAsync_RacingCancellationAndReturns_LosesNoToken([Range(1, 20)] int seed)
    {
        var time = new ManualTimeProvider();
        var limiter = ThrottledLimiter(time);
        var waiters = new Waiter[Waiters];
        await RaceAsync(seed, (index, _) => waiters[index] = new Waiter(limiter));
        Assert.That(limiter.State.Waiting, Is.EqualTo(Waiters));

        var returned = 0;
        var progress = 0;
        var race = RaceAsync(seed, (index, random) =>
        {
            Interlocked.Increment(ref progress);
            if (random.Next(2) == 0)
            {
                waiters[index].Cancel();
            }

            if (random.Next(10) == 0 && waiters[index].Task.IsCompletedSuccessfully)
            {
                Interlocked.Increment(ref returned);
                limiter.Return();
            }
        });
        while (!race.IsCompleted || limiter.State.Waiting > 0)
        {
            // The clock keeps pace with the race, so that grants, cancellations and returns really meet.
            if (race.IsCompleted || time.Elapsed < progress * TimeSpan.FromMilliseconds(5))
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
            }
            else
            {
                await Task.Yield();
            }
        }

        await Task.WhenAll(waiters.Select(w => w.SettledAsync()));
        var granted = waiters.Count(w => w.Task.IsCompletedSuccessfully);

        // The queue was never empty until the end, so each token that came in was given out, and none twice. Tokens
        // returned after the last grant stay in the bucket.
        var cameIn = time.Elapsed.TotalSeconds * Rate;
        Assert.Multiple(() =>
        {
            Assert.That(
                waiters.Where(w => !w.IsCancelled), Has.All.Matches<Waiter>(w => w.Task.IsCompletedSuccessfully));
            Assert.That(granted + limiter.State.Tokens, Is.EqualTo(cameIn + returned).Within(1e-6));
            Assert.That(time.ActiveTimers, Is.Zero);
        });
        Array.ForEach(waiters, w => w.Dispose());
    }

    private static Task RaceAsync(int seed, Action<int, Random> body)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => Task.Run(() =>
        {
            var random = new Random((seed * 1_000) + racer);
            for (var index = Interlocked.Increment(ref next); index < Waiters; index = Interlocked.Increment(ref next))
            {
                body(index, random);
            }
        })));
    }

    private static SendRateLimiter ThrottledLimiter(ManualTimeProvider time)
    {
        var settings = new SendRateSettings(MinRate: Rate);
        var limiter = new SendRateLimiter("test", settings, new CubicController(now: 0), time);
        limiter.OnResponse(throttled: true);
        return limiter;
    }

    private sealed class Waiter : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();

        public Waiter(SendRateLimiter limiter) =>
            Task = limiter.AcquireAsync(TimeSpan.MaxValue, _cancellation.Token).AsTask();

        public Task Task { get; }

        public bool IsCancelled => _cancellation.IsCancellationRequested;

        public void Cancel() => _cancellation.Cancel();

        public void Dispose() => _cancellation.Dispose();

        public Task SettledAsync() => Task.ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}
