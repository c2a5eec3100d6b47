using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.CompilerServices;

namespace RetryHandler.Tests.Retry;

/// <summary>The shortcut for first attempts that succeed behaves like the asynchronous method that it replaces.</summary>
[NonParallelizable]
public sealed class FirstAttemptTests
{
    private static readonly AsyncLocal<string?> Local = new();

    private readonly Upstream _upstream = new();
    private HttpMessageInvoker _client = null!;

    [SetUp]
    public void SetUp() => _client = Client(new AdaptiveRetryOptions());

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _upstream.Dispose();
    }

    [Test]
    public async Task SendAsync_AnsweredLater_ReturnsTheResponse()
    {
        using var response = new HttpResponseMessage();
        var call = Send();
        Assert.That(call.IsCompleted, Is.False);

        _upstream.Answer(response);

        Assert.That(await call, Is.SameAs(response));
    }

    /// <summary>The caller's own task is the inner handler's, when there was nothing to do.</summary>
    [Test]
    public void SendAsync_AnsweredAtOnce_ReturnsTheInnerHandlersTask()
    {
        using var response = new HttpResponseMessage();
        var answer = Task.FromResult(response);
        _upstream.AtOnce = answer;

        Assert.That(Send(), Is.SameAs(answer));
    }

    [Test]
    public async Task SendAsync_FailsLater_IsRepeated()
    {
        using var client = Client(new AdaptiveRetryOptions { Transient = { BaseDelay = TimeSpan.Zero } });
        using var success = new HttpResponseMessage();
        var call = client.SendAsync(Request(), default);

        _upstream.Answer(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        _upstream.Throw(new HttpRequestException(HttpRequestError.ConnectionError, "broken"));
        _upstream.Answer(success);

        Assert.That(await call, Is.SameAs(success));
        Assert.That(success.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(3));
    }

    [Test]
    public void SendAsync_ThrowsLater_GivesTheSameException()
    {
        var exception = new InvalidOperationException("of an inner handler");
        var call = Send();

        _upstream.Throw(exception);

        Assert.That(Assert.ThrowsAsync<InvalidOperationException>(() => call), Is.SameAs(exception));
        Assert.That(call.IsFaulted);
    }

    /// <summary><c>HttpClient</c> looks at the exception's inside to tell its own timeout from others.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void SendAsync_CancelledLater_GivesTheSameExceptionInACancelledTask(bool byCaller)
    {
        using var client = Client(new AdaptiveRetryOptions { MaxAttempts = 1 });
        using var cancellation = new CancellationTokenSource();
        if (byCaller)
        {
            cancellation.Cancel();
        }

        var exception = new TaskCanceledException("timed out", new TimeoutException(), cancellation.Token);
        var call = client.SendAsync(Request(), cancellation.Token);

        _upstream.Throw(exception);

        Assert.That(Assert.CatchAsync<OperationCanceledException>(() => call), Is.SameAs(exception));
        Assert.That(call.IsCanceled);
    }

    [Test]
    public async Task SendAsync_AnsweredLater_ListenersSeeTheCallersContext([Values] bool flows)
    {
        string? seen = null;
        using var listener = Listen((_, _, _, _) => seen = Local.Value);
        Local.Value = "caller";
        Task<HttpResponseMessage> call;
        if (flows)
        {
            call = Send();
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
            {
                call = Send();
            }
        }

        Local.Value = "another";
        await Task.Run(() => _upstream.Answer(new HttpResponseMessage()));
        (await call).Dispose();

        Assert.That(seen, Is.EqualTo(flows ? "caller" : "another"));
    }

    [Test]
    public void SendAsync_ListenerThrows_IsTheCallersException([Values] bool later)
    {
        using var listener = Listen((_, _, _, _) => throw new InvalidOperationException("of a listener"));
        _upstream.AtOnce = later ? null : Task.FromResult(new HttpResponseMessage());

        var call = Send();
        if (later)
        {
            _upstream.Answer(new HttpResponseMessage());
        }

        Assert.That(
            Assert.ThrowsAsync<InvalidOperationException>(() => call)!.Message, Is.EqualTo("of a listener"));
    }

    [Test]
    public void SendAsync_NoResponseAtAll_IsPassedOn([Values] bool later)
    {
        _upstream.AtOnce = later ? null : Task.FromResult<HttpResponseMessage>(null!);
        var call = Send();
        if (later)
        {
            _upstream.Answer(null);
        }

        Assert.That(call.Result, Is.Null);
    }

    /// <summary>What is kept for later calls holds nothing of those before.</summary>
    [Test]
    public void SendAsync_CallHasEnded_NothingOfItIsKept([Values] bool later)
    {
        var (request, response) = SendAndForget(later);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That((request.IsAlive, response.IsAlive), Is.EqualTo((false, false)));
    }

    /// <summary>The info of a message's first answer does not pass for that of its second.</summary>
    [Test]
    public async Task GetAdaptiveRetryInfo_SameMessageSentTwice_IsThatOfTheResponse()
    {
        using var client = Client(new AdaptiveRetryOptions { Transient = { BaseDelay = TimeSpan.Zero } });
        using var request = Request();
        var first = client.SendAsync(request, default);
        _upstream.Answer(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request });
        _upstream.Answer(new HttpResponseMessage { RequestMessage = request });
        using var firstResponse = await first;

        var second = client.SendAsync(request, default);
        _upstream.Answer(new HttpResponseMessage { RequestMessage = request });
        using var secondResponse = await second;

        Assert.That(firstResponse.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
        Assert.That(secondResponse.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
    }

    private static HttpRequestMessage Request() => new(HttpMethod.Get, "http://upstream.test/");

    private static MeterListener Listen(MeasurementCallback<long> onCall)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "RetryHandler" && instrument.Name == "adaptive_retry.calls")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback(onCall);
        listener.Start();
        return listener;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Request, WeakReference Response) SendAndForget(bool later)
    {
        var request = Request();
        request.Headers.Add("Authorization", "Bearer secret");
        request.Content = new StringContent("secret");
        var response = new HttpResponseMessage { RequestMessage = request };
        _upstream.AtOnce = later ? null : Task.FromResult(response);
        var call = _client.SendAsync(request, default);
        if (later)
        {
            _upstream.Answer(response);
        }

        Assert.That(call.IsCompletedSuccessfully);
        _upstream.AtOnce = null;
        return (new WeakReference(request), new WeakReference(response));
    }

    private HttpMessageInvoker Client(AdaptiveRetryOptions options) =>
        new(new AdaptiveRetryHandler(options) { InnerHandler = _upstream }, disposeHandler: false);

    private Task<HttpResponseMessage> Send() => _client.SendAsync(Request(), default);

    private sealed class Upstream : HttpMessageHandler
    {
        private readonly Queue<TaskCompletionSource<Func<HttpResponseMessage>>> _waiting = new();

        public Task<HttpResponseMessage>? AtOnce { get; set; }

        public void Answer(HttpResponseMessage? response) => Complete(() => response!);

        public void Throw(Exception exception) => Complete(() => throw exception);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (AtOnce is not null)
            {
                return AtOnce;
            }

            var answer = new TaskCompletionSource<Func<HttpResponseMessage>>();
            _waiting.Enqueue(answer);
            return AnswerAsync(answer.Task);
        }

        private static async Task<HttpResponseMessage> AnswerAsync(Task<Func<HttpResponseMessage>> answer) =>
            (await answer.ConfigureAwait(false))();

        private void Complete(Func<HttpResponseMessage> answer)
        {
            // In the context of NUnit nothing goes on where it is completed, and the next attempt would come later.
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                _waiting.Dequeue().SetResult(answer);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(context);
            }
        }
    }
}
