using System.Net;
using RetryHandler.Configuration;
using RetryHandler.State;
using RetryHandler.Telemetry;

namespace RetryHandler.Tests.State;

/// <summary>The real handler over an upstream that answers each partition as the test says.</summary>
internal sealed class PartitionedClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;

    public PartitionedClient(
        ManualTimeProvider time, Func<string, Task<int>> answer, Action<PartitionOptions>? configure = null)
    {
        Time = time;
        Options.Partition.KeySelector = static request => KeyIn(request);
        configure?.Invoke(Options.Partition);
        OptionRules.ThrowIfBroken("test", Options);
        State = new ClientState("test", Options, time, nextDouble: static () => 0.5);
        _invoker = new HttpMessageInvoker(
            new AdaptiveRetryHandler(State) { InnerHandler = new KeyedUpstream(answer) });
    }

    public AdaptiveRetryOptions Options { get; } = new();

    public ManualTimeProvider Time { get; }

    public ClientState State { get; }

    public IEnumerable<PartitionTelemetry> Partitions => State.Telemetry.Partitions;

    /// <summary>Gets the keys that have a partition, in order.</summary>
    public IEnumerable<string> Keys =>
        Partitions.Where(static p => p.Role == PartitionRole.Keyed).Select(static p => p.Key!).Order();

    public PartitionTelemetry Of(string? key) => Partitions.Single(p => p.Key == key);

    public static HttpRequestMessage Request(string? key, string uri = "http://upstream.test/")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (key is not null)
        {
            request.Headers.Add("X-Key", key);
        }

        return request;
    }

    /// <summary>Starts a call and leaves the clock to the test.</summary>
    public Task<HttpResponseMessage> Start(HttpRequestMessage request) => _invoker.SendAsync(request, default);

    /// <summary>Runs a call to its end in virtual time.</summary>
    /// <returns>Its status.</returns>
    public async Task<int> SendAsync(HttpRequestMessage request)
    {
        using var response = await Time.RunAsync(Start(request));
        return (int)response.StatusCode;
    }

    public Task<int> SendAsync(string? key) => SendAsync(Request(key));

    public HttpResponseMessage Send(string key) => _invoker.Send(Request(key), default);

    public void Dispose() => _invoker.Dispose();

    private static string? KeyIn(HttpRequestMessage request) =>
        request.Headers.TryGetValues("X-Key", out var values) ? values.Single() : null;

    private sealed class KeyedUpstream(Func<string, Task<int>> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            new((HttpStatusCode)await answer(KeyIn(request) ?? request.RequestUri!.Authority));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            SendAsync(request, cancellationToken).GetAwaiter().GetResult();
    }
}
