using Microsoft.Extensions.DependencyInjection;
using RetryHandler.DependencyInjection;
using RetryHandler.State;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>
/// A client of the factory over real sockets, that sends by either door and tells whether anything leaked.
/// </summary>
internal sealed class FaultClient : IAsyncDisposable
{
    private const string Name = "orders";

    /// <summary>No call of these tests takes a second; one that hangs must not hold up the run for long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CountingTimeProvider _time = new();
    private readonly HttpMessageHandler _transport;
    private readonly ServiceProvider _services;
    private readonly bool _synchronous;

    public FaultClient(
        bool synchronous,
        Uri address,
        Action<AdaptiveRetryOptions>? configure = null,
        Action<SocketsHttpHandler>? configureTransport = null,
        Func<DelegatingHandler>? innerHandler = null)
        : this(CreateTransport(configureTransport), configure, address, innerHandler) => _synchronous = synchronous;

    /// <summary>Initializes a client over another transport, in memory.</summary>
    public FaultClient(HttpMessageHandler transport, Action<AdaptiveRetryOptions>? configure = null)
        : this(transport, configure, new Uri("http://upstream.test/"), innerHandler: null)
    {
    }

    private FaultClient(
        HttpMessageHandler transport,
        Action<AdaptiveRetryOptions>? configure,
        Uri address,
        Func<DelegatingHandler>? innerHandler)
    {
        _transport = transport;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        var builder = services.AddHttpClient(Name, http =>
            {
                http.BaseAddress = address;
                http.Timeout = Patience;
            })
            .ConfigurePrimaryHttpMessageHandler(() => _transport)
            .AddAdaptiveRetry(options =>
            {
                UseShortDelays(options);
                configure?.Invoke(options);
            });
        if (innerHandler is not null)
        {
            builder.AddHttpMessageHandler(innerHandler);
        }

        _services = builder.Services.BuildServiceProvider();
        Http = _services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
        Invoker = new HttpMessageInvoker(
            _services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Name), disposeHandler: false);
    }

    public HttpClient Http { get; }

    /// <summary>Gets the same chain of handlers without what <see cref="HttpClient"/> adds.</summary>
    public HttpMessageInvoker Invoker { get; }

    public int Quota => State.Quota.Available;

    public int ActiveTimers => _time.ActiveTimers;

    private ClientState State =>
        _services.GetRequiredService<ClientStateFactory>().GetOrCreate(Name);

    /// <summary>Everything as by default, only without the waiting.</summary>
    public static void UseShortDelays(AdaptiveRetryOptions options)
    {
        options.Transient.BaseDelay = TimeSpan.FromMilliseconds(1);
        options.Throttled.BaseDelay = TimeSpan.FromMilliseconds(1);
        options.SendRate.MinRate = 10_000;
    }

    public static HttpRequestMessage Put(string body = "order") => Request(HttpMethod.Put, body);

    public static HttpRequestMessage Post(string body = "order") => Request(HttpMethod.Post, body);

    public static HttpRequestMessage Request(HttpMethod method, string body) =>
        new(method, "orders/1") { Content = new StringContent(body) };

    /// <summary>Sends, and returns when the headers of the response have come.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        _synchronous
            ? RunBlocking(() => Http.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken))
            : Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public async Task<string> ReadAsync(HttpResponseMessage response)
    {
        if (!_synchronous)
        {
            return await response.Content.ReadAsStringAsync();
        }

        return await RunBlocking(() =>
        {
            using var reader = new StreamReader(response.Content.ReadAsStream());
            return reader.ReadToEnd();
        });
    }

    /// <summary>Waits until the call waits for something that has a time limit.</summary>
    public Task WaitForTimerAsync() => UntilAsync(() => ActiveTimers > 0);

    /// <summary>Waits until the only call has paid for a retry and waits for its turn.</summary>
    public Task WaitForBackoffAsync() => UntilAsync(() => Quota < 500 && ActiveTimers > 0);

    /// <summary>
    /// Ends the client and fails when it leaves a connection, a timer, a waiter or some quota behind.
    /// </summary>
    public async Task AssertNothingLeakedAsync(SocketUpstream upstream, int quotaSpent = 0)
    {
        Assert.Multiple(() =>
        {
            Assert.That(Quota, Is.EqualTo(500 - quotaSpent), "retry quota left");
            AssertAtRest();
        });
        await DisposeAsync();
        await upstream.WaitForConnectionsToEndAsync();
    }

    /// <summary>Fails when a call that has ended left a waiter or a timer behind.</summary>
    public void AssertAtRest()
    {
        Assert.That(State.Limiter.State.Waiting, Is.Zero, "callers waiting for a token");
        Assert.That(ActiveTimers, Is.Zero, "timers still set");
    }

    public ValueTask DisposeAsync()
    {
        // The factory keeps its handlers beyond the provider; the connections are ours to close.
        Http.Dispose();
        Invoker.Dispose();
        _transport.Dispose();
        return _services.DisposeAsync();
    }

    private static SocketsHttpHandler CreateTransport(Action<SocketsHttpHandler>? configure)
    {
        var transport = new SocketsHttpHandler();
        configure?.Invoke(transport);
        return transport;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.That(TimeProvider.System.GetElapsedTime(start), Is.LessThan(Patience));
            await Task.Yield();
        }
    }

    /// <summary>
    /// A thread of its own: blocked threads of the pool would hold up the upstream in the same process.
    /// </summary>
    private static Task<T> RunBlocking<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
