using System.Net;

namespace RetryHandler.Tests.Retry;

/// <summary>What a call allocates beyond what the client without the handler does, to the byte.</summary>
/// <remarks>
/// Alone, because a test that listens to traces or metrics would make every call of the process pay for it. The sizes
/// of tasks are those of .NET 10.
/// </remarks>
[NonParallelizable]
public sealed class AllocationTests
{
    /// <summary>The caller's task, the only thing that a call needs that has to wait for its answer.</summary>
    private const int CallersTask = 72;

    // What GetAdaptiveRetryInfo tells is in the options of the request, which are made for it (280 B); the rest is the
    // task of the loop. Less than 0 beside an HttpClient, of which a repeat makes no second call.
#if DEBUG
    // Without optimization the state of every asynchronous method is an object.
    private const int RetryAtOnce = 424;
    private const int RetryLater = 680;
#else
    private const int RetryAtOnce = 328;
    private const int RetryLater = 592;
#endif

    // NUnit has one, and then nothing continues on the thread that completes a task.
    private SynchronizationContext? _context;

    private static readonly Uri Address = new("http://upstream.test/");

    [SetUp]
    public void LeaveContext()
    {
        _context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
    }

    [TearDown]
    public void EnterContext() => SynchronizationContext.SetSynchronizationContext(_context);

    [Test]
    public void Success_AnsweredAtOnce_AllocatesNothing() => AssertMore(0, Upstream.AtOnce());

    [Test]
    public void Success_RequestWithHeaders_AllocatesNothing() =>
        AssertMore(0, Upstream.AtOnce(), prepare: static request =>
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation("X-Tenant", "one");
        });

    [Test]
    public void Success_RequestWithContent_AllocatesNothing() =>
        AssertMore(0, Upstream.AtOnce(), prepare: static request =>
        {
            request.Method = HttpMethod.Post;
            request.Content = new StringContent("{}");
        });

    [Test]
    public void Success_AnsweredLater_AllocatesTheCallersTask() => AssertMore(CallersTask, Upstream.Later());

    [Test]
    public void Success_WithASendToken_AllocatesNoMore([Values] bool later) =>
        AssertMore(later ? CallersTask : 0, later ? Upstream.Later() : Upstream.AtOnce(), isLimited: true);

    [Test]
    public void Success_SynchronousCall_AllocatesNothing()
    {
        using var upstream = Upstream.AtOnce();

        var more = More(upstream, isLimited: false, static (client, request) => client.Send(request, default));

        Assert.That(more, Is.Zero);
    }

    [Test]
    public void OneRetry_AnsweredAtOnce_AllocatesLittle() => AssertMore(RetryAtOnce, Upstream.AtOnce(failures: 1));

    [Test]
    public void OneRetry_AnsweredLater_AllocatesLittle() => AssertMore(RetryLater, Upstream.Later(failures: 1));

    /// <summary>Guards the tests above against measuring nothing: a request and a response are seen.</summary>
    [Test]
    public void Least_BareClient_SeesItsMessages()
    {
        using var upstream = Upstream.AtOnce();

        var bytes = Least(upstream, upstream, static (client, request) => client.Send(request, default));

        Assert.That(bytes, Is.GreaterThan(100));
    }

    private static void AssertMore(
        int bytes, Upstream upstream, bool isLimited = false, Action<HttpRequestMessage>? prepare = null)
    {
        using (upstream)
        {
            var more = More(upstream, isLimited, (client, request) =>
            {
                prepare?.Invoke(request);
                return upstream.Complete(client.SendAsync(request, default));
            });

            Assert.That(more, Is.EqualTo(bytes));
        }
    }

    /// <summary>Measures how much more the handler allocates than its inner handler alone, for as many sends.</summary>
    private static long More(
        Upstream upstream, bool isLimited, Func<HttpMessageInvoker, HttpRequestMessage, HttpResponseMessage> send)
    {
        var options = new AdaptiveRetryOptions();
        options.Transient.BaseDelay = options.Throttled.BaseDelay = TimeSpan.Zero;
        options.SendRate.MinRate = 1_000_000;
        using var handler = new AdaptiveRetryHandler(options) { InnerHandler = upstream };
        if (isLimited)
        {
            using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
            using var request = new HttpRequestMessage(HttpMethod.Get, Address);
            upstream.Refuse();
            send(invoker, request).Dispose();
        }

        return Least(handler, upstream, send) - Least(upstream, upstream, send);
    }

    private static long Least(
        HttpMessageHandler handler,
        Upstream upstream,
        Func<HttpMessageInvoker, HttpRequestMessage, HttpResponseMessage> send)
    {
        const int Calls = 100;
        const int Rounds = 100;
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        var sends = handler == upstream ? 1 + upstream.Failures : 1;
        var least = long.MaxValue;

        // Until the runtime has optimized the code, which the first calls only ask for.
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                for (var n = 0; n < sends; n++)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, Address);
                    using var response = send(client, request);
                }
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Calls);
        }

        return least;
    }

    /// <summary>Answers 503 as often as told, and then 200, over and over.</summary>
    private sealed class Upstream(int failures, bool later) : HttpMessageHandler
    {
        private TaskCompletionSource<HttpResponseMessage>? _waiting;
        private int _attempts;
        private bool _isRefusing;

        public int Failures => failures;

        public static Upstream AtOnce(int failures = 0) => new(failures, later: false);

        public static Upstream Later(int failures = 0) => new(failures, later: true);

        public void Refuse() => _isRefusing = true;

        /// <summary>Lets a call end, on this thread.</summary>
        public HttpResponseMessage Complete(Task<HttpResponseMessage> call)
        {
            while (!call.IsCompleted)
            {
                var (waiting, answer) = (_waiting!, Answer());
                _waiting = null;
                waiting.SetResult(answer);
            }

            return call.Result;
        }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!later)
            {
                return Task.FromResult(Answer(request));
            }

            _waiting = new TaskCompletionSource<HttpResponseMessage>(request);
            return _waiting.Task;
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Answer(request);

        private HttpResponseMessage Answer() => Answer((HttpRequestMessage)_waiting!.Task.AsyncState!);

        private HttpResponseMessage Answer(HttpRequestMessage request)
        {
            var status = _isRefusing ? HttpStatusCode.TooManyRequests
                : _attempts++ % (failures + 1) < failures ? HttpStatusCode.ServiceUnavailable
                : HttpStatusCode.OK;
            _isRefusing = false;

            // As every answer that came over a network has some.
            return new HttpResponseMessage(status) { RequestMessage = request, Headers = { { "Server", "test" } } };
        }
    }
}
