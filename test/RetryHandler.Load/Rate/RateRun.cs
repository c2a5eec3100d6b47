using System.Collections.Concurrent;
using System.Diagnostics;

namespace RetryHandler.Load.Rate;

/// <summary>One load through one client.</summary>
internal sealed class RateRun(HttpClient client, string path, int calls)
{
    private readonly ConcurrentQueue<double> _seconds = [];
    private readonly ConcurrentDictionary<string, int> _failures = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _taken;
    private int _succeeded;

    public int Calls => calls;

    public int Succeeded => Volatile.Read(ref _succeeded);

    /// <summary>Gets what went wrong, and how often.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Gets the seconds that the run took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Callers take the next call from a common pile until none is left.</summary>
    public async Task RunClosedAsync(int callers, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallerAsync(cancellationToken)));
        Seconds = Elapsed();
    }

    /// <summary>Calls come at even intervals, however the calls before them fare.</summary>
    public async Task RunOpenAsync(double callsPerSecond, CancellationToken cancellationToken)
    {
        var running = new List<Task>(calls);
        while (running.Count < calls && !cancellationToken.IsCancellationRequested)
        {
            // Timers are coarse: whatever has come due meanwhile is sent together.
            var due = Math.Min(calls, (int)(Elapsed() * callsPerSecond) + 1);
            while (running.Count < due)
            {
                running.Add(CallAsync(cancellationToken));
            }

            await Task.Delay(1, CancellationToken.None);
        }

        await Task.WhenAll(running);
        Seconds = Elapsed();
    }

    /// <param name="share">0.5 for the median.</param>
    public double Latency(double share)
    {
        var sorted = _seconds.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    private double Elapsed() => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    private async Task CallerAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _taken) <= calls)
        {
            await CallAsync(cancellationToken);
        }
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(path, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _succeeded);
            }
            else
            {
                Count($"status {(int)response.StatusCode}");
            }
        }
        catch (HttpRequestException e)
        {
            Count(e.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            Count(cancellationToken.IsCancellationRequested ? "not done in time" : "timed out");
        }

        _seconds.Enqueue(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private void Count(string failure) => _failures.AddOrUpdate(failure, 1, static (_, count) => count + 1);
}
