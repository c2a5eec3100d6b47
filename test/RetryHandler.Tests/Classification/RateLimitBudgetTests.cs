using System.Globalization;
using System.Net;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What is left of a limit, as APIs report it on successes.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class RateLimitBudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [TestCase("RateLimit: \"default\";r=50;t=30|RateLimit-Policy: \"default\";q=100;w=60", 50, 100, 30, 60)]
    [TestCase("RateLimit: \"burst\";r=9;t=1, \"hour\";r=1;t=900"
        + "|RateLimit-Policy: \"burst\";q=10;w=1,\"hour\";q=1000;w=3600", 1, 1000, 900, 3600)]
    [TestCase("RateLimit: limit=100, remaining=50, reset=5|RateLimit-Policy: 10;w=1, 100;w=60", 50, 100, 5, 60)]
    [TestCase("RateLimit: limit=100, remaining=0, reset=5", 0, 100, 5, null)]
    [TestCase("RateLimit-Limit: 100, 10;w=1, 100;w=60|RateLimit-Remaining: 7|RateLimit-Reset: 20", 7, 100, 20, 60)]
    [TestCase("RateLimit: \"default\";a=0;w=5", 0, null, 5, 5)]
    [TestCase("X-RateLimit-Limit: 5000|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1795262459", 0, 5000, 60, null)]
    [TestCase("X-RateLimit-Limit: 10|X-RateLimit-Remaining: 3|X-RateLimit-Reset: 1795262402.5"
        + "|X-RateLimit-Reset-After: 2.5", 3, 10, 2.5, null)]
    [TestCase("anthropic-ratelimit-requests-limit: 50|anthropic-ratelimit-requests-remaining: 49"
        + "|anthropic-ratelimit-requests-reset: 2026-11-21T12:00:02Z", 49, 50, 2, null)]
    [TestCase("X-HubSpot-RateLimit-Max: 100|X-HubSpot-RateLimit-Remaining: 91"
        + "|X-HubSpot-RateLimit-Interval-Milliseconds: 10000", 91, 100, null, 10)]
    [TestCase("X-RateLimit-Limit-Minute: 20|X-RateLimit-Remaining-Minute: 5", 5, 20, null, 60)]
    [TestCase("X-MinLimit-Remaining: 59|X-DayLimit-Remaining: 0", 59, null, null, 60)]
    [TestCase("gw-ratelimit-limit: 500|gw-ratelimit-remaining: 300|gw-ratelimit-reset: 1489", 300, 500, 1.489, null)]
    [TestCase("X-RateLimit-Remaining: 32/40|X-RateLimit-Reset: 5", 32, 40, 5, null)]
    [TestCase("X-RateLimit-Remaining: 76;w=60|X-RateLimit-Limit: 100;w=30", 76, 100, null, 60)]
    [TestCase("X-RateLimit-Remaining: 76;w=60|X-RateLimit-Interval-Milliseconds: 10000", 76, null, null, 60)]
    [TestCase("X-RateLimit-Remaining-Minute: 5;w=30", 5, null, null, 30)]
    [TestCase("x-ms-ratelimit-remaining-subscription-reads: 11999", 11999, null, null, null)]
    [TestCase("x-ratelimit-remaining: 598.0|x-ratelimit-reset: 299|x-ratelimit-used: 2", 598, null, 299, null)]
    public void TryRead_Reported_IsRead(string headers, double remaining, double? limit, double? reset, double? window)
    {
        using var response = Respond(headers);

        Assert.That(RateLimitBudget.TryRead(response, new ManualTimeProvider(Now), out var budget));
        Assert.Multiple(() =>
        {
            Assert.That(budget.Remaining, Is.EqualTo(remaining));
            Assert.That(budget.Limit, Is.EqualTo(limit));
            Assert.That(budget.ResetIn?.TotalSeconds, Is.EqualTo(reset));
            Assert.That(budget.Window?.TotalSeconds, Is.EqualTo(window));
            Assert.That(budget.CountsRequests);
        });
    }

    /// <summary>Each limit costs a look at all headers: a response with thousands must not cost millions.</summary>
    [TestCase(31, 1)]
    [TestCase(32, 5)]
    public void TryRead_ManyLimits_ReadsTheFirst32(int others, double remaining)
    {
        var headers = Enumerable.Range(0, others).Select(static i => $"X-L{i}-Limit-Remaining: 5");
        using var groups = Respond(string.Join('|', [.. headers, "X-Last-Limit-Remaining: 1"]));
        var items = Enumerable.Range(0, others).Select(static i => $"\"{i}\";r=5");
        using var field = Respond($"RateLimit: {string.Join(',', [.. items, "\"last\";r=1"])}");

        Assert.That(RateLimitBudget.TryRead(groups, TimeProvider.System, out var budget));
        Assert.That(budget.Remaining, Is.EqualTo(remaining));
        Assert.That(RateLimitBudget.TryRead(field, TimeProvider.System, out budget), Is.EqualTo(others < 32));
        Assert.That(budget.Remaining, Is.EqualTo(others < 32 ? remaining : 0));
    }

    [TestCaseSource(nameof(Orders))]
    public void BindsMoreThan_Tighter_ButNotTheOtherWayRound(string tighter, string looser)
    {
        var (first, second) = (Budget(tighter), Budget(looser));

        Assert.That((first.BindsMoreThan(second), second.BindsMoreThan(first)), Is.EqualTo((true, false)));
        Assert.That((first.BindsMoreThan(first), second.BindsMoreThan(second)), Is.EqualTo((false, false)));
    }

    public static IEnumerable<TestCaseData> Orders()
    {
        yield return Order("0", "1 of 100 in 1", "used up");
        yield return Order("0 in 10", "0 in 5", "both used up, for longer");
        yield return Order("0 in 1", "0", "both used up, until a known time");
        yield return Order("50 of 100 in 60", "10 of 100 in 10", "less of it each second");
        yield return Order("50 of 100 per 60", "10 of 100 per 10", "less of it each second of the window");
        yield return Order("50 of 100 in 60 per 1", "50 of 100 in 1 per 60", "the reset counts before the window");
        yield return Order("90 of 1000", "10 of 100", "a smaller part");
        yield return Order("50 of 100 in 10", "5 in 10", "of a known limit");
        yield return Order("5", "6", "fewer");

        static TestCaseData Order(string tighter, string looser, string name) =>
            new TestCaseData(tighter, looser).SetArgDisplayNames(name);
    }

    [TestCase("")]
    [TestCase("Server: x|Content-Language: en|X-Request-Id: remaining|X-Remaining-Time: 5|Vary: RateLimit")]
    [TestCase("X-RateLimit-Limit: 100|X-RateLimit-Reset: 5", TestName = "TryRead_NothingRemainingIsNamed_IsNothing")]
    [TestCase("X-RateLimit-Remaining: -1")]
    [TestCase("X-RateLimit-Remaining: unlimited")]
    [TestCase("X-RateLimit-Remaining: 1e3")]
    [TestCase("X-RateLimit-Limit: 0|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 0")]
    [TestCase("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 86400", TestName = "TryRead_ResetTomorrow_IsAQuota")]
    [TestCase("ratelimit-limit: 100;w=21600|ratelimit-remaining: 76;w=21600")]
    [TestCase("X-HubSpot-RateLimit-Daily-Remaining: 0")]
    [TestCase("X-Concurrency-Limit-Remaining: 0")]
    [TestCase("X-Storage-Quota-Remaining: 0")]
    [TestCase("RateLimit: \"broken;r=0;t=5")]
    [TestCase("RateLimit: \"daily\";r=0;t=500")]
    [TestCase("Age: 30|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 60", TestName = "TryRead_FromCache_IsNothing")]
    public void TryRead_NothingUsable_IsNothing(string headers)
    {
        using var response = Respond(headers);

        Assert.That(RateLimitBudget.TryRead(response, new ManualTimeProvider(Now), out var budget), Is.False);
        Assert.That(budget, Is.EqualTo(default(RateLimitBudget)));
    }

    [TestCase("x-ratelimit-limit-requests: 60|x-ratelimit-remaining-requests: 59|x-ratelimit-reset-requests: 1s"
        + "|x-ratelimit-limit-tokens: 1000|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 6m0s", 0, 360)]
    [TestCase("x-ratelimit-limit-tokens: 1000|x-ratelimit-remaining-tokens: 10|x-ratelimit-reset-tokens: 59s"
        + "|x-ratelimit-limit-requests: 60|x-ratelimit-remaining-requests: 59|x-ratelimit-reset-requests: 1s", 10, 59)]
    public void TryRead_TokensBind_ButAreNoRequests(string headers, double remaining, double reset)
    {
        using var response = Respond(headers);

        Assert.That(RateLimitBudget.TryRead(response, new ManualTimeProvider(Now), out var budget));
        Assert.That(budget.CountsRequests, Is.False);
        Assert.That((budget.Remaining, budget.ResetIn), Is.EqualTo((remaining, TimeSpan.FromSeconds(reset))));
    }

    [Test]
    public void TryRead_TwoUsedUp_IsTheOneThatIsResetLater()
    {
        using var response = Respond(
            "X-RateLimit-Remaining-a: 0|X-RateLimit-Reset-a: 9|X-RateLimit-Remaining-b: 0|X-RateLimit-Reset-b: 1");

        Assert.That(RateLimitBudget.TryRead(response, new ManualTimeProvider(Now), out var budget));
        Assert.That(budget.ResetIn, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [TestCase("X-RateLimit-Resource: search", "search")]
    [TestCase("X-RateLimit-Bucket: abcd1234", "abcd1234")]
    [TestCase("X-RateLimit-Other: x", null)]
    public void TryRead_PartOfTheApi_IsNamed(string header, string? scope)
    {
        using var response = Respond($"X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9|{header}");

        Assert.That(RateLimitBudget.TryRead(response, new ManualTimeProvider(Now), out var budget));
        Assert.That(budget.Scope, Is.EqualTo(scope));
    }

    /// <summary>The local clock is an hour ahead; the reset is counted by the upstream's.</summary>
    [Test]
    public void TryRead_DateOfTheResponse_IsTheClock()
    {
        using var response = Respond("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1795262459");
        response.Headers.Date = Now;

        Assert.That(RateLimitBudget.TryRead(response, new ManualTimeProvider(Now.AddHours(1)), out var budget));
        Assert.That(budget.ResetIn, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [TestCase("Server: x|Date: Sat, 21 Nov 2026 12:00:00 GMT|Vary: Accept|ETag: \"a\"|X-Request-Id: 1|Via: 1.1 x")]
    [TestCase("Server: x|X-RateLimit-Limit: 5000|X-RateLimit-Remaining: 4999|X-RateLimit-Reset: 60")]
    public void TryRead_Cost_IsNoMemory(string headers)
    {
        using var response = Respond(headers);
        var time = new ManualTimeProvider(Now);
        var bytes = long.MaxValue;
        for (var round = 0; round < 500 && bytes > 0; round++)
        {
            // The runtime optimizes in the background what was called often; until then there is boxing.
            Thread.Sleep(round > 0 ? 10 : 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                RateLimitBudget.TryRead(response, time, out _);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(bytes, Is.Zero);
    }

    /// <summary>Reads "50 of 100 in 60 per 60": what is left of a limit, the reset and the window in seconds.</summary>
    private static RateLimitBudget Budget(string text)
    {
        var words = text.Split(' ');
        return new()
        {
            Remaining = double.Parse(words[0], CultureInfo.InvariantCulture),
            Limit = After("of"),
            ResetIn = After("in") is { } reset ? TimeSpan.FromSeconds(reset) : null,
            Window = After("per") is { } window ? TimeSpan.FromSeconds(window) : null,
        };

        double? After(string word) => Array.IndexOf(words, word) is > 0 and var index
            ? double.Parse(words[index + 1], CultureInfo.InvariantCulture)
            : null;
    }

    private static HttpResponseMessage Respond(string headers)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK);
        response.Headers.AddLines(headers);
        return response;
    }
}
