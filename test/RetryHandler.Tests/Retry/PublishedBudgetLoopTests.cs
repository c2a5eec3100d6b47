using System.Net;

namespace RetryHandler.Tests.Retry;

/// <summary>A limit that the upstream publishes is kept by the real loop before anything is refused.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class PublishedBudgetLoopTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(10, 1)]
    [TestCase(30, 60)]
    public async Task SendAsync_LimitIsPublished_NothingIsRefusedAndLittleTimeLost(int count, double period)
    {
        var upstream = new PublishingUpstream(_time, count, period);
        using var client = Client(upstream);
        var calls = 5 * count;

        await GetAsync(client, calls, atOnce: count / 2);

        Assert.That((upstream.Refused, upstream.Attempts), Is.EqualTo((0, calls)));
        Assert.That(_time.Elapsed.TotalSeconds, Is.LessThan(6 * period));
    }

    [Test]
    public async Task SendAsync_LimitIsPublished_TheSnapshotSaysSo()
    {
        using var client = Client(new PublishingUpstream(_time, 10, 60));

        await GetAsync(client, calls: 8, atOnce: 1);

        var rate = client.State.Telemetry.TakeSendRate();
        Assert.That(
            (rate.State, rate.Kind, rate.SlowedBy),
            Is.EqualTo((LimiterState.Limiting, LimitKind.PublishedBudget, "published-budget")));
    }

    /// <summary>After one call the budget is known: of the crowd that comes then, nobody is refused.</summary>
    [Test]
    public async Task SendAsync_MoreThanRemainsAtOnceWhileDormant_NothingIsRefused()
    {
        var upstream = new PublishingUpstream(_time, 20, 5);
        using var client = Client(upstream);
        (await client.GetAsync()).Dispose();
        Assert.That(client.Limiter.IsLimiting, Is.False);

        await GetAsync(client, calls: 50, atOnce: 50);

        Assert.That((upstream.Refused, upstream.Attempts), Is.EqualTo((0, 51)));
        Assert.That(_time.Elapsed.TotalSeconds, Is.InRange(10, 14));
    }

    [Test]
    public async Task SendAsync_GenerousBudget_NobodyWaits()
    {
        using var client = Client(new PublishingUpstream(_time, 5000, 3600));

        await GetAsync(client, calls: 100, atOnce: 20);

        Assert.That((client.Limiter.IsLimiting, _time.Elapsed), Is.EqualTo((false, TimeSpan.Zero)));
    }

    [Test]
    public async Task SendAsync_NothingRemainsForLong_LaterCallsFailAtOnceWithTheTimeToComeAgain()
    {
        using var client = Client(_ => With("0", "300"));
        (await client.GetAsync()).Dispose();

        var thrown = Assert.ThrowsAsync<SendRateLimitedException>(async () => await client.GetAsync());

        Assert.That(thrown!.RetryAt, Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromSeconds(300)));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
        Assert.That(client.Limiter.Phase, Is.EqualTo(LimiterState.Closed));
        _time.Advance(TimeSpan.FromSeconds(299));
        (await client.GetAsync()).Dispose();
        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(300)));
    }

    /// <summary>So that one wrong header does not mute the client for hours.</summary>
    [Test]
    public async Task SendAsync_NothingRemainsForHours_ProbesEveryTenMinutes()
    {
        using var client = Client(_ => With("0", "20000"));
        (await client.GetAsync()).Dispose();
        for (var i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(599));
            (await client.GetAsync()).Dispose();

            Assert.That(client.Upstream.Attempts[i].At, Is.EqualTo(TimeSpan.FromSeconds(600 * i)));
            Assert.ThrowsAsync<SendRateLimitedException>(async () => await client.GetAsync());
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_NotFollowed_IsRefused(bool isCubic)
    {
        var upstream = new PublishingUpstream(_time, 10, 60);
        using var client = Client(upstream, options =>
        {
            options.SendRate.FollowPublishedBudget = isCubic;
            options.SendRate.Controller =
                isCubic ? SendRateControllerKind.Cubic : SendRateControllerKind.Probing;
        });

        await GetAsync(client, calls: 15, atOnce: 1);

        Assert.That(upstream.Refused, Is.Positive);
    }

    [TestCase("X-RateLimit-Remaining-Tokens", "0", "X-RateLimit-Reset-Tokens", Description = "not requests")]
    [TestCase("X-RateLimit-Remaining", "3", "X-Other", Description = "until when?")]
    [TestCase("X-RateLimit-Remaining", "-3", "X-RateLimit-Reset")]
    [TestCase("X-Storage-Quota-Remaining", "0", "X-Storage-Quota-Reset")]
    public async Task SendAsync_NoBudgetOfRequests_NobodyWaits(string name, string value, string resetName)
    {
        using var client = Client(_ => With(name, value, resetName, "60"));

        await GetAsync(client, calls: 50, atOnce: 10);

        Assert.That(client.Limiter.IsLimiting, Is.False);
    }

    [Test]
    public async Task SendAsync_AnswersOfSeveralParts_NobodyWaits()
    {
        var answers = 0;
        using var client = Client(_ =>
        {
            var response = With($"{30 - (answers / 2)}", "60");
            response.Headers.TryAddWithoutValidation(
                "X-RateLimit-Resource", answers++ % 2 == 0 ? "core" : "search");
            return response;
        });

        await GetAsync(client, calls: 40, atOnce: 1);

        Assert.That((client.Limiter.IsLimiting, _time.Elapsed), Is.EqualTo((false, TimeSpan.Zero)));
    }

    /// <summary>The caller who leaves before the wait ends gives back what was taken for the attempt.</summary>
    [Test]
    public async Task SendAsync_CallersLeaveWhileTheyWait_TheOthersGetTheirTurns()
    {
        var upstream = new PublishingUpstream(_time, 10, 10);
        using var client = Client(upstream);
        await GetAsync(client, calls: 9, atOnce: 1);
        using var source = new CancellationTokenSource();
        var leaving = Enumerable.Range(0, 20).Select(_ => client.Start(Get(), source.Token)).ToList();
        await VirtualTime.SettleAsync();

        await source.CancelAsync();
        await GetAsync(client, calls: 11, atOnce: 11);

        var left = leaving.Count(call => call.IsCanceled);
        Assert.That(left, Is.GreaterThanOrEqualTo(10), "there was not room for them all");
        Assert.That((upstream.Refused, upstream.Attempts), Is.EqualTo((0, 9 + 20 - left + 11)));
        Assert.That(_time.Elapsed.TotalSeconds, Is.LessThanOrEqualTo(31));
    }

    private static HttpRequestMessage Get() => new(HttpMethod.Get, "http://upstream.test/");

    private static HttpResponseMessage With(string remaining, string reset) =>
        With("X-RateLimit-Remaining", remaining, "X-RateLimit-Reset", reset);

    private static HttpResponseMessage With(string name, string value, string otherName, string otherValue)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK);
        response.Headers.TryAddWithoutValidation(name, value);
        response.Headers.TryAddWithoutValidation(otherName, otherValue);
        return response;
    }

    /// <summary>Makes calls, so many at a time; all must succeed.</summary>
    private async Task GetAsync(ClientUnderTest client, int calls, int atOnce)
    {
        for (var left = calls; left > 0; left -= atOnce)
        {
            var flight = Enumerable.Range(0, Math.Min(left, atOnce)).Select(_ => client.Start(Get())).ToList();
            foreach (var response in await _time.RunAsync(Task.WhenAll(flight)))
            {
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
                response.Dispose();
            }
        }
    }

    private ClientUnderTest Client(PublishingUpstream upstream, Action<AdaptiveRetryOptions>? configure = null) =>
        Client(upstream.Answer, configure);

    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage> answer, Action<AdaptiveRetryOptions>? configure = null) =>
        new(_time, new ScriptedHandler(_time, answer), configure);
}
