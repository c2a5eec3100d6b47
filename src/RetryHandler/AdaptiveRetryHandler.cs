using Microsoft.Extensions.Options;
using RetryHandler.Configuration;
using RetryHandler.Pipeline;
using RetryHandler.Retry;
using RetryHandler.State;

namespace RetryHandler;

/// <summary>
/// Sends requests with retries, and slows the whole client down together when its upstream throttles.
/// </summary>
/// <remarks>
/// <para>
/// Usually added by <c>AddAdaptiveRetry()</c>, which shares the learned send rate and the retry quota among all
/// handlers that <see cref="IHttpClientFactory"/> makes for a client. A handler made by its constructor keeps both to
/// itself.
/// </para>
/// <para>Supports <see cref="HttpClient.Send(HttpRequestMessage)"/> as well as the asynchronous methods.
/// Thread-safe.</para>
/// </remarks>
public sealed class AdaptiveRetryHandler : DelegatingHandler
{
    private readonly ClientState _state;

    /// <summary>Initializes a handler for use without dependency injection.</summary>
    /// <remarks>
    /// Set <see cref="DelegatingHandler.InnerHandler"/>, for example to a <see cref="SocketsHttpHandler"/>.
    /// </remarks>
    /// <param name="options">The settings; copied.</param>
    /// <param name="timeProvider">The clock; <see cref="TimeProvider.System"/> when <see langword="null"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="OptionsValidationException">Some values are out of range; the message names them
    /// all.</exception>
    public AdaptiveRetryHandler(AdaptiveRetryOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.ThrowIfBroken(string.Empty, options);
        var time = timeProvider ?? TimeProvider.System;
        _state = new ClientState(string.Empty, options, time, pipelines: new AttemptPipelineSource(time));
    }

    internal AdaptiveRetryHandler(ClientState state) => _state = state;

    internal int MaxAttempts => _state.Loop.MaxAttempts;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        WarnOfNestedRetriesOnce();
        try
        {
            return _state.RunAsync(new AsyncSender(this), request, cancellationToken).AsTask();
        }
        catch (Exception e)
        {
            // Of a selector of partitions, say: found in the task, like every other.
            return Task.FromException<HttpResponseMessage>(e);
        }
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        WarnOfNestedRetriesOnce();

        // Complete already: every wait of a synchronous call blocks inside.
        var answer = _state.RunAsync(new SyncSender(this), request, cancellationToken);
        return answer.IsCompletedSuccessfully ? answer.Result : answer.AsTask().GetAwaiter().GetResult();
    }

    private void WarnOfNestedRetriesOnce()
    {
        // Only now: while the factory builds the chain, the handlers inside this one are not linked yet.
        if (_state.ClaimNestingCheck())
        {
            NestedRetries.Warn(NestedRetries.Inside(this), MaxAttempts, _state.Loop.Telemetry);
        }
    }

    private Task<HttpResponseMessage> SendInnerAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);

    private HttpResponseMessage SendInner(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);

    private readonly struct AsyncSender(AdaptiveRetryHandler handler) : IAttemptSender
    {
        public bool IsSynchronous => false;

        public bool ContinueOnCapturedContext => false;

        public ValueTask<HttpResponseMessage> SendAsync(
            HttpRequestMessage? request, CancellationToken cancellationToken)
        {
            try
            {
                return new(handler.SendInnerAsync(request!, cancellationToken));
            }
            catch (Exception e)
            {
                return ValueTask.FromException<HttpResponseMessage>(e);
            }
        }
    }

    private readonly struct SyncSender(AdaptiveRetryHandler handler) : IAttemptSender
    {
        public bool IsSynchronous => true;

        public bool ContinueOnCapturedContext => false;

        public ValueTask<HttpResponseMessage> SendAsync(
            HttpRequestMessage? request, CancellationToken cancellationToken)
        {
            try
            {
                return new(handler.SendInner(request!, cancellationToken));
            }
            catch (Exception e)
            {
                return ValueTask.FromException<HttpResponseMessage>(e);
            }
        }
    }
}
