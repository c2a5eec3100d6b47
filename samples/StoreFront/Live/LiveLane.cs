using System.Diagnostics;
using FlakyUpstream;
using RetryHandler;
using StoreFront.Demo;
using StoreFront.Orders;

namespace StoreFront.Live;

/// <summary>One of the three clients, with callers and an upstream of its own.</summary>
internal sealed class LiveLane(
    ClientKind kind, IHttpClientFactory clients, FlakyUpstreamHost upstream, IAdaptiveRetryMonitor monitor)
{
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(long EndedAt, TimeSpan Latency)> _latencies = new();
    private long _succeeded;
    private long _failed;

    public string Name { get; } = NameOf(kind);

    public static string NameOf(ClientKind kind) => $"live-{kind.ToString().ToLowerInvariant()}";

    public static string BehaviourOf(ClientKind kind) => $"tuned?key={NameOf(kind)}";

    public void Tune(LiveKnobs knobs) => upstream.Tune(Name, knobs.Behaviour);

    /// <summary>Calls until cancelled: each caller calls, thinks a moment, and calls again.</summary>
    public Task RunAsync(int callers, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync(cancellationToken)));

    public LiveFigures Read()
    {
        var stats = upstream.Stats(Name);
        var rate = monitor.GetSnapshot().Clients.FirstOrDefault(client => client.Name == Name)?.SendRate;
        return new LiveFigures(
            kind.DisplayName(),
            stats.Accepted,
            stats.Refused,
            Interlocked.Read(ref _succeeded),
            Interlocked.Read(ref _failed),
            Percentile95(),
            rate?.SendRate,
            rate?.Waiting ?? 0);
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Not all at once: callers of a real service are not in step.
            await Task.Delay(Think * Random.Shared.NextDouble(), cancellationToken);
            while (true)
            {
                await CallOnceAsync(new OrdersClient(clients.CreateClient(Name)), cancellationToken);
                await Task.Delay(Think * (0.5 + Random.Shared.NextDouble()), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more, or the number of callers was changed.
        }
    }

    private async Task CallOnceAsync(OrdersClient client, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await client.GetOrderAsync(id: 1, cancellationToken);
            Interlocked.Increment(ref _succeeded);
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failed);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The timeout of HttpClient: a caller who waited in vain comes again.
            Interlocked.Increment(ref _failed);
        }

        lock (_lock)
        {
            _latencies.Enqueue((Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start)));
        }
    }

    private double Percentile95()
    {
        lock (_lock)
        {
            while (_latencies.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.EndedAt) > Window)
            {
                _latencies.Dequeue();
            }

            var sorted = _latencies.Select(static call => call.Latency.TotalMilliseconds).Order().ToList();
            return sorted.Count == 0 ? 0 : sorted[(int)((sorted.Count - 1) * 0.95)];
        }
    }
}
