using System.Collections.Concurrent;
using System.Diagnostics;
using StoreFront.Orders;

namespace StoreFront.Demo;

/// <summary>Callers that share one client and take the next call from a common pile until none is left.</summary>
internal sealed class LoadRun(OrdersClient client, int calls, int callers)
{
    private readonly ConcurrentQueue<TimeSpan> _latencies = [];
    private readonly ConcurrentDictionary<string, int> _failures = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _taken;
    private int _succeeded;

    public int Calls => calls;

    public int Succeeded => Volatile.Read(ref _succeeded);

    public int Finished => _latencies.Count;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public IReadOnlyDictionary<string, int> Failures => _failures;

    public IReadOnlyList<TimeSpan> SortedLatencies => [.. _latencies.Order()];

    /// <summary>Runs until all calls are made, or until cancelled; the calls left then are never made.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallerAsync(cancellationToken)));

    private async Task CallerAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _taken) <= calls)
        {
            var start = Stopwatch.GetTimestamp();
            await CallAsync(cancellationToken);
            _latencies.Enqueue(Stopwatch.GetElapsedTime(start));
        }
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await client.GetOrderAsync(id: 1, cancellationToken) is null)
            {
                Count("order not found");
                return;
            }

            Interlocked.Increment(ref _succeeded);
        }
        catch (HttpRequestException exception)
        {
            Count(exception.StatusCode is { } status ? $"status {(int)status}" : exception.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            Count(cancellationToken.IsCancellationRequested ? "stopped early" : "timed out");
        }
    }

    private void Count(string failure) => _failures.AddOrUpdate(failure, 1, (_, count) => count + 1);
}
