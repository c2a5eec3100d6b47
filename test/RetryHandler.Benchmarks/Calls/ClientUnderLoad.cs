using Microsoft.Extensions.DependencyInjection;
using RetryHandler.RateLimiting;
using RetryHandler.State;

namespace RetryHandler.Benchmarks.Calls;

/// <summary>One client of the factory over an upstream in memory, and the calls that are measured.</summary>
internal sealed class ClientUnderLoad : IDisposable
{
    private const string ClientName = "benchmark";

    private static readonly Uri Upstream = new("http://upstream.test/orders");

    private readonly ServiceProvider _services;
    private readonly InMemoryTransport _transport;
    private readonly HttpClient _client;
    private readonly ClientKind _kind;
    private readonly CallRow _row;

    public ClientUnderLoad(ClientKind kind, CallRow row)
    {
        (_kind, _row) = (kind, row);
        _transport = new InMemoryTransport(row.Inner);
        var builder = new ServiceCollection().AddHttpClient(ClientName);
        builder.ConfigurePrimaryHttpMessageHandler(() => _transport);
        Add(builder, kind, row);
        _services = builder.Services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName);
        if (row.HasHeaders)
        {
            _client.DefaultRequestHeaders.Add("Accept", "application/json");
            _client.DefaultRequestHeaders.Add("User-Agent", "benchmark/1.0");
            _client.DefaultRequestHeaders.Add("X-Tenant", "one");
        }
    }

    private bool IsRetrying => _kind is ClientKind.PollyRetry or ClientKind.AdaptiveRetry;

    /// <summary>Makes so many calls, divided among the row's callers.</summary>
    public void Run(int calls)
    {
        if (_row.IsLimited && _kind == ClientKind.AdaptiveRetry)
        {
            // Again and again, because a limiter that nobody refuses anything goes dormant.
            Wake();
        }

        if (_row.Callers == 1)
        {
            for (var i = 0; i < calls; i++)
            {
                Call();
            }

            return;
        }

        var callers = new Task[_row.Callers];
        for (var i = 0; i < callers.Length; i++)
        {
            callers[i] = Task.Run(() => CallAsync(calls / _row.Callers));
        }

        Task.WaitAll(callers);
    }

    public void Dispose()
    {
        _client.Dispose();
        _services.Dispose();
        _transport.Dispose();
    }

    private static void Add(IHttpClientBuilder builder, ClientKind kind, CallRow row)
    {
        switch (kind)
        {
            case ClientKind.PassThrough when row.IsLimited:
                builder.AddHttpMessageHandler(static () => new TokenBucketHandler());
                break;
            case ClientKind.PassThrough:
                builder.AddHttpMessageHandler(static () => new PassThroughHandler());
                break;
            case ClientKind.PollyRetry:
                builder.AddHttpMessageHandler(static () => new PollyRetryHandler());
                break;
            case ClientKind.AdaptiveRetry:
                builder.AddAdaptiveRetry(static options =>
                    options.Transient.BaseDelay = options.Throttled.BaseDelay = TimeSpan.Zero);
                break;
        }
    }

    /// <summary>Lets the upstream throttle once, and sees to it that there is a token for whoever comes.</summary>
    private void Wake()
    {
        // By the settings behind the options, which end at a million a second: these calls are more.
        var state = _services.GetRequiredService<ClientStateRegistry>().Find(ClientName)!;
        state.Limiter.Apply(new SendRateSettings(MinRate: 1e9));
        using var request = new BenchmarkRequest(Upstream) { IsRefused = true };
        Complete(_client.SendAsync(request));
        if (!state.Limiter.IsLimiting)
        {
            throw new InvalidOperationException("The limiter sleeps.");
        }
    }

    // What a client that does not repeat needs two calls for: the refusal, and the answer to the second one.
    private int SendsPerCall() => IsRetrying ? 1 : 1 + _row.Failures;

    private BenchmarkRequest NextRequest(int sendsLeft) =>
        new(Upstream) { FailuresLeft = IsRetrying ? _row.Failures : sendsLeft - 1 };

    private void Call()
    {
        for (var sends = SendsPerCall(); sends > 0; sends--)
        {
            using var request = NextRequest(sends);
            Complete(_client.SendAsync(request));
        }
    }

    private void Complete(Task<HttpResponseMessage> call)
    {
        while (!call.IsCompleted && _transport.CompleteWaiting())
        {
        }

        call.GetAwaiter().GetResult().Dispose();
    }

    private async Task CallAsync(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            for (var sends = SendsPerCall(); sends > 0; sends--)
            {
                using var request = NextRequest(sends);
                using var response = await _client.SendAsync(request);
            }
        }
    }
}
