using Microsoft.Extensions.Logging.Abstractions;
using RetryHandler.Configuration;
using RetryHandler.Pipeline;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;
using RetryHandler.State;
using RetryHandler.Telemetry;

namespace RetryHandler.Tests.Support;

/// <summary>The real handler over a scripted upstream, in virtual time, with chance under the test's control.</summary>
internal sealed class ClientUnderTest : IDisposable
{
    private readonly HttpMessageInvoker _invoker;

    public ClientUnderTest(
        ManualTimeProvider time, ScriptedHandler upstream, Action<AdaptiveRetryOptions>? configure = null,
        double random = 1, int? quota = null)
    {
        Time = time;
        Upstream = upstream;
        var options = new AdaptiveRetryOptions();
        configure?.Invoke(options);
        OptionRules.ThrowIfBroken("test", options);
        State = new ClientState(
            "test", options, time, pipelines: new AttemptPipelineSource(time), nextDouble: () => random);
        if (quota is { } tokens)
        {
            State.Quota.TryTake(options.Quota.Capacity - tokens);
        }

        _invoker = new HttpMessageInvoker(new AdaptiveRetryHandler(State) { InnerHandler = upstream });
    }

    public ManualTimeProvider Time { get; }

    public ScriptedHandler Upstream { get; }

    public ClientState State { get; }

    public RetryQuota Quota => State.Quota;

    public SendRateLimiter Limiter => State.Limiter;

    /// <summary>Runs one call to its end, moving the clock whenever the call waits.</summary>
    public Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken = default) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/"), cancellationToken);

    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        Time.RunAsync(Start(request, cancellationToken));

    /// <summary>Starts a call and leaves the clock to the test.</summary>
    public Task<HttpResponseMessage> Start(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        _invoker.SendAsync(request, cancellationToken);

    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        _invoker.Send(request, cancellationToken);

    public void Dispose() => _invoker.Dispose();
}
