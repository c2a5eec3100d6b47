using System.Net;
using Microsoft.Extensions.Options;
using Polly;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Pipeline;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class AdaptiveRetryResilienceStrategyTests
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey =
        new("Resilience.Http.RequestMessage");

    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task ExecuteAsync_RequestInContext_RetriesAndRestoresIt()
    {
        var upstream = new ScriptedHandler(
            _time,
            request =>
            {
                request.Headers.Add("X-Added", "1");
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            },
            Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");

        using var response = await ExecuteAsync(upstream, request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Attempts, Has.Count.EqualTo(2));
        Assert.That(upstream.Attempts[1].Headers, Is.Empty);
    }

    [TestCase("GET", 2)]
    [TestCase("POST", 1)]
    public async Task ExecuteAsync_RequestInContext_JudgesByItsMethod(string method, int attempts)
    {
        var upstream = new ScriptedHandler(_time, Status(500), Status(200));
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://upstream.test/");

        using var response = await ExecuteAsync(upstream, request);

        Assert.That(upstream.Attempts, Has.Count.EqualTo(attempts));
    }

    [TestCase(429, 2)]
    [TestCase(500, 1)]
    public async Task ExecuteAsync_NoRequestInContext_RepeatsOnlyWhatWasNotProcessed(int status, int attempts)
    {
        var calls = 0;
        var pipeline = Pipeline();

        using var response = await _time.RunAsync(pipeline.ExecuteAsync(
            _ => ValueTask.FromResult(
                new HttpResponseMessage(++calls == 1 ? (HttpStatusCode)status : HttpStatusCode.OK)),
            CancellationToken.None).AsTask());

        Assert.That(calls, Is.EqualTo(attempts));
    }

    [Test]
    public void ExecuteAsync_AllAttemptsThrow_ThrowsTheLastUnchanged()
    {
        var last = new HttpRequestException(HttpRequestError.ConnectionError, "the last");
        var upstream = new ScriptedHandler(
            _time, Throw(() => new HttpRequestException(HttpRequestError.ConnectionError)), Throw(() => last));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");

        var thrown = Assert.ThrowsAsync<HttpRequestException>(() => ExecuteAsync(upstream, request));

        Assert.That(thrown, Is.SameAs(last));
        Assert.That(upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task ExecuteAsync_CancelledDuringBackoff_ThrowsWithTheCallersToken()
    {
        using var caller = new CancellationTokenSource();
        var call = Pipeline().ExecuteAsync(
            _ => ValueTask.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests)), caller.Token).AsTask();

        await caller.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(caller.Token));
    }

    [Test]
    public void Execute_Synchronously_Retries()
    {
        var calls = 0;
        var options = new AdaptiveRetryOptions();
        options.Throttled.BaseDelay = TimeSpan.Zero;
        options.SendRate.Enabled = false;
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>().AddAdaptiveRetry(options).Build();

        using var response = pipeline.Execute(
            () => new HttpResponseMessage(++calls == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK));

        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public void AddAdaptiveRetry_InvalidOptions_NamesThemAll()
    {
        var options = new AdaptiveRetryOptions { MaxAttempts = 0 };
        options.Quota.Capacity = -1;

        var thrown = Assert.Throws<OptionsValidationException>(
            () => new ResiliencePipelineBuilder<HttpResponseMessage>().AddAdaptiveRetry(options));

        Assert.That(thrown!.Message, Does.Contain("MaxAttempts").And.Contain("Quota.Capacity"));
    }

    [Test]
    public void AddAdaptiveRetry_TimeoutOptions_PointsToPollysOwn()
    {
        var options = new AdaptiveRetryOptions { AttemptTimeout = TimeSpan.FromSeconds(1) };

        var thrown = Assert.Throws<OptionsValidationException>(
            () => new ResiliencePipelineBuilder<HttpResponseMessage>().AddAdaptiveRetry(options));

        Assert.That(thrown!.Message, Does.Contain("AttemptTimeout").And.Contain("own strategy"));
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline() =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _time }
            .AddAdaptiveRetry(new AdaptiveRetryOptions())
            .Build();

    private async Task<HttpResponseMessage> ExecuteAsync(ScriptedHandler upstream, HttpRequestMessage request)
    {
        using var invoker = new HttpMessageInvoker(upstream);
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await _time.RunAsync(Pipeline().ExecuteAsync(
                async c => await invoker.SendAsync(request, c.CancellationToken), context).AsTask());
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
