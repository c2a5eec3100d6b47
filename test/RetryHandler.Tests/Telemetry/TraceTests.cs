using System.Collections.Concurrent;
using System.Diagnostics;

namespace RetryHandler.Tests.Telemetry;

/// <summary>A span for each call with something to tell, and none for the others.</summary>
[CancelAfter(30_000)]
public sealed class TraceTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;
    private readonly ActivitySource _caller = new("caller");
    private readonly Activity _parent;
    private ObservedClient? _client;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "RetryHandler" or "caller",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Tests run side by side and share the source; the parent tells them apart.
                if (activity.Source.Name == "RetryHandler" && _parent is { } own && activity.ParentId == own.Id)
                {
                    _stopped.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
        _parent = _caller.StartActivity("call")!;
    }

    public void Dispose()
    {
        _client?.Dispose();
        _parent.Dispose();
        _caller.Dispose();
        _listener.Dispose();
    }

    [Test]
    public async Task Trace_SuccessAtOnce_HasNoSpan()
    {
        var client = Create(ScriptedHandler.Status(200));

        using var response = await GetAsync(client);

        Assert.That(_stopped, Is.Empty);
    }

    [Test]
    public async Task Trace_Retry_HasASpanFromTheCallsStart()
    {
        Activity? second = null;
        var client = Create(
            request =>
            {
                _time.Advance(TimeSpan.FromSeconds(2));
                return ScriptedHandler.Status(503)(request);
            },
            request =>
            {
                second = Activity.Current;
                return ScriptedHandler.Status(200)(request);
            });
        var start = _time.GetUtcNow();

        using var response = await GetAsync(client);

        var span = _stopped.Single();
        Assert.That(span.OperationName, Is.EqualTo("adaptive_retry.call"));
        Assert.That(span.StartTimeUtc, Is.EqualTo(start.UtcDateTime));
        Assert.That(span.Duration, Is.EqualTo(_time.GetUtcNow() - start));
        Assert.That(second, Is.SameAs(span).Or.Property("ParentId").EqualTo(span.Id));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.GetTagItem("http.request.resend_count"), Is.EqualTo(1));
        Assert.That(span.GetTagItem("http.client.name"), Is.EqualTo("orders"));
        Assert.That(span.GetTagItem("adaptive_retry.stop.reason"), Is.EqualTo("Succeeded"));
        var happened = span.Events.Single();
        var tags = happened.Tags.ToDictionary();
        Assert.That(happened.Name, Is.EqualTo("adaptive_retry.retry"));
        Assert.That(tags["adaptive_retry.failure.kind"], Is.EqualTo("Transient"));
        Assert.That(tags["adaptive_retry.rule"], Is.EqualTo("status-503"));
        Assert.That(tags["adaptive_retry.delay"], Is.InRange(0d, 0.05));
    }

    [Test]
    public async Task Trace_GaveUp_IsAnError()
    {
        var client = Create(ScriptedHandler.Status(503));

        using var response = await GetAsync(client);

        var span = _stopped.Single();
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("http.request.resend_count"), Is.EqualTo(2));
        Assert.That(span.GetTagItem("adaptive_retry.stop.reason"), Is.EqualTo("AttemptsExhausted"));
        Assert.That(span.Events.Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Trace_WaitForToken_HasAnEvent()
    {
        var client = Create(ScriptedHandler.Status(429), ScriptedHandler.Status(200));
        using var slowed = await GetAsync(client);
        _stopped.Clear();

        // The bucket is nearly empty and fills at 0.5 a second: the second call has to wait.
        using var first = await GetAsync(client);
        using var second = await GetAsync(client);

        Assert.That(_stopped, Is.Not.Empty);
        Assert.That(
            _stopped.SelectMany(static span => span.Events).Select(static e => e.Name),
            Is.All.EqualTo("adaptive_retry.token_wait"));
        Assert.That(_stopped.Select(static s => s.GetTagItem("http.request.resend_count")), Is.All.EqualTo(0));
    }

    [Test]
    public void Trace_CancelledDuringBackoff_EndsTheSpan()
    {
        var client = Create(ScriptedHandler.Status(429, null, ("Retry-After", "30")));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);

        Assert.CatchAsync<OperationCanceledException>(() => GetAsync(client, cancellation.Token));

        Assert.That(_stopped.Single().GetTagItem("adaptive_retry.stop.reason"), Is.EqualTo("Cancelled"));
        Assert.That(Activity.Current, Is.Not.Null.And.Not.SameAs(_stopped.Single()));
    }

    private Task<HttpResponseMessage> GetAsync(ObservedClient client, CancellationToken cancellationToken = default)
    {
        // Each test method runs in a context of its own; the fixture's constructor ran in another.
        Activity.Current = _parent;
        return client.GetAsync(cancellationToken);
    }

    private ObservedClient Create(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        _client = new ObservedClient(_time, new ScriptedHandler(_time, steps));
}
