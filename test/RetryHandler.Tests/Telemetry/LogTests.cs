using Microsoft.Extensions.Logging;

namespace RetryHandler.Tests.Telemetry;

/// <summary>One line for each thing that matters, at its level, without secrets.</summary>
[CancelAfter(30_000)]
public sealed class LogTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private ObservedClient? _client;

    public void Dispose() => _client?.Dispose();

    [Test]
    public async Task Log_RetriedThrottle_TellsEachFactOnce()
    {
        var client = Create(null, ScriptedHandler.Status(429), ScriptedHandler.Status(200));

        using var response = await client.GetAsync();

        Assert.That(client.OwnLogs.Select(static e => (e.Event.Id, e.Event.Name, e.Level)), Is.EqualTo(new[]
        {
            (7, "AttemptFailed", LogLevel.Debug),
            (3, "SendRateLimiting", LogLevel.Information),
            (1, "Retrying", LogLevel.Information),
            (8, "WaitedForToken", LogLevel.Debug),
            (9, "RetrySucceeded", LogLevel.Debug),
        }).Or.EqualTo(new[]
        {
            (7, "AttemptFailed", LogLevel.Debug),
            (3, "SendRateLimiting", LogLevel.Information),
            (1, "Retrying", LogLevel.Information),
            (9, "RetrySucceeded", LogLevel.Debug),
        }));
    }

    /// <summary>Who knows botocore's logs looks for these words.</summary>
    [Test]
    public async Task Log_QuotaReached_UsesTheWordsOfBotocore()
    {
        var client = Create(
            static o => o.Quota.Capacity = 20, ScriptedHandler.Status(503));

        using var response = await client.GetAsync();

        var messages = client.OwnLogs.Select(static e => e.Message).ToList();
        Assert.That(messages, Has.One.Contains("retry needed").And.Contains("retrying after"));
        Assert.That(messages, Has.One.Contains("retry quota reached, not retrying"));
    }

    [Test]
    public async Task Log_GaveUp_IsAWarningWithTheReason()
    {
        var client = Create(null, ScriptedHandler.Status(503));

        using var response = await client.SendAsync(HttpMethod.Post);

        var entry = client.OwnLogs.Single(static e => e.Event.Name == "GaveUp");
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(entry.Message, Does.Contain("UnsafeToRepeat"));
    }

    [Test]
    public async Task Log_Levels_AreConfigurable()
    {
        var client = Create(
            static o => (o.Logging.Retry, o.Logging.GaveUp, o.Logging.Detail) =
                (LogLevel.Trace, LogLevel.Error, LogLevel.None),
            ScriptedHandler.Status(503));

        using var response = await client.GetAsync();

        Assert.That(client.OwnLogs.Select(static e => (e.Event.Name, e.Level)), Is.EqualTo(new[]
        {
            ("Retrying", LogLevel.Trace), ("Retrying", LogLevel.Trace), ("GaveUp", LogLevel.Error),
        }));
    }

    [Test]
    public async Task Log_ManyThrottledCalls_TellTheSlowDownOnce()
    {
        var client = Create(null, ScriptedHandler.Status(429));

        using var first = await client.GetAsync();
        using var second = await client.GetAsync();

        Assert.That(client.OwnLogs.Count(static e => e.Event.Name == "SendRateLimiting"), Is.EqualTo(1));
    }

    [Test]
    public async Task Log_AddressWithSecrets_IsNeverWritten()
    {
        var client = Create(
            null,
            ScriptedHandler.Status(429, "{\"error\":\"hush-body\"}", ("Retry-After", "300"), ("X-Key", "hush-header")),
            ScriptedHandler.Status(503));

        using var refused = await client.SendAsync(HttpMethod.Get, "http://me:hush@upstream.test/hush?token=hush");
        Assert.CatchAsync(() => client.SendAsync(HttpMethod.Get, "http://upstream.test/hush?token=hush"));
        _time.Advance(TimeSpan.FromSeconds(400));
        using var failed = await client.SendAsync(HttpMethod.Get, "http://upstream.test/hush?token=hush");

        Assert.That(client.OwnLogs.Count(), Is.GreaterThan(4));
        Assert.That(client.OwnLogs.Select(static e => e.Message), Has.None.Contains("hush"));
        Assert.That(client.OwnLogs.Select(static e => e.Message), Has.None.Contains("upstream.test"));
    }

    [Test]
    public void StopExplanations_EveryReasonWithAWarning_HasWordsOfItsOwn()
    {
        var silent = new[]
        {
            RetryStopReason.Succeeded, RetryStopReason.NotRetryable, RetryStopReason.Cancelled,
            RetryStopReason.TimedOut, RetryStopReason.Faulted,
        };

        var words = Enum.GetValues<RetryStopReason>().Except(silent)
            .Select(RetryHandler.Telemetry.StopExplanations.Of).ToList();

        Assert.That(words, Is.Unique);
        Assert.That(words, Has.None.EqualTo("no retry possible"));
    }

    private ObservedClient Create(
        Action<AdaptiveRetryOptions>? configure, params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        _client = new ObservedClient(_time, new ScriptedHandler(_time, steps), configure);
}
