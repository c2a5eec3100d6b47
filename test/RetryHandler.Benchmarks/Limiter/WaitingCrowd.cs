using RetryHandler.RateLimiting;

namespace RetryHandler.Benchmarks.Limiter;

/// <summary>So many attempts that wait for a token of one limiter.</summary>
internal sealed class WaitingCrowd : IDisposable
{
    // As much as the bucket holds at this rate is let go in one step, and it holds a fiftieth of a second's.
    private const double TokensPerWaiter = 60;

    private readonly HeldTime _time = new();
    private readonly CancellationTokenSource[] _leaving;
    private readonly SendRateLimiter _limiter;
    private int _granted;

    /// <param name="size">How many.</param>
    /// <param name="areApart">Whether each can leave by itself; otherwise they have one cancellation token.</param>
    public WaitingCrowd(int size, bool areApart)
    {
        var rate = TokensPerWaiter * size;
        _limiter = new SendRateLimiter(
            "benchmark",
            new SendRateSettings(MinRate: rate) { InitialRate = rate },
            new ProbingController(),
            _time);
        while (_limiter.TryAcquire(out _))
        {
        }

        _leaving = [.. Enumerable.Range(0, areApart ? size : 1).Select(static _ => new CancellationTokenSource())];
        var waiting = new ValueTask<SendPermit>[size];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < size; i++)
        {
#pragma warning disable CA2012 // Each is awaited once, below: what awaits it must not be counted.
            waiting[i] = _limiter.AcquireAsync(TimeSpan.MaxValue, _leaving[areApart ? i : 0].Token);
#pragma warning restore CA2012
        }

        BytesPerWaiter = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)size;
        Done = Task.WhenAll(waiting.Select(AwaitAsync).ToArray());
        if (_limiter.State.Waiting != size)
        {
            throw new InvalidOperationException($"{_limiter.State.Waiting} of {size} wait.");
        }
    }

    /// <summary>Gets what each allocated: itself, and what its cancellation token keeps for it.</summary>
    public double BytesPerWaiter { get; }

    public Task Done { get; }

    public int Granted => Volatile.Read(ref _granted);

    public static double ProcessorTime => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Gives everybody a token.</summary>
    public void GrantAll() => _time.Advance(TimeSpan.FromSeconds(1));

    /// <summary>Has everybody leave, in no order.</summary>
    public void CancelAll()
    {
        var random = new Random(1);
        random.Shuffle(_leaving);
        Array.ForEach(_leaving, static leaving => leaving.Cancel());
    }

    public void Dispose() => Array.ForEach(_leaving, static leaving => leaving.Dispose());

    private async Task AwaitAsync(ValueTask<SendPermit> waiting)
    {
        try
        {
            await waiting.ConfigureAwait(false);
            Interlocked.Increment(ref _granted);
        }
        catch (OperationCanceledException)
        {
            // Left before its turn.
        }
    }
}
