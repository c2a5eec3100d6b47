using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Each word that the name of a limit may hold does its work alone.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class LimitNamesTests
{
    [TestCase("X-RateLimit-Remaining", 12)]
    [TestCase("remaining-limit", 0)]
    [TestCase("x-quota-REMAINING", 8)]
    [TestCase("remaining", -1, Description = "of what?")]
    [TestCase("X-Remaining-Time", -1)]
    [TestCase("X-RateLimit-Left", -1)]
    [TestCase("X-Concurrency-Limit-Remaining", -1, Description = "no passing of time resets it")]
    [TestCase("X-Concurrent-Limit-Remaining", -1)]
    [TestCase("X-Storage-Limit-Remaining", -1)]
    [TestCase("X-Daily-Limit-Remaining", -1)]
    [TestCase("X-Limit-RequestsPerDay-Remaining", -1)]
    [TestCase("X-Limit-requests_per_day-Remaining", -1)]
    [TestCase("X-Limit-requests-per-day-Remaining", -1)]
    [TestCase("X-Monthly-Limit-Remaining", -1)]
    [TestCase("X-DayLimit-Remaining", -1)]
    [TestCase("X-Limit-ByDay-Remaining", -1)]
    [TestCase("X-Limit-Remaining-Day", -1)]
    [TestCase("X-Limit-Remaining-Today", 8)]
    public void IndexOfRemaining_Name_IsWhereTheWordIs(string name, int index) =>
        Assert.That(LimitNames.IndexOfRemaining(name), Is.EqualTo(index));

    [TestCase("day", true)]
    [TestCase("Day", true)]
    [TestCase("today", false)]
    [TestCase("daytime", false)]
    [TestCase("minute", false)]
    [TestCase("requests-month", true)]
    public void LongPeriod_Name_IsOfDaysOrMonths(string name, bool isLong) =>
        Assert.That(LongPeriod.IsIn(name), Is.EqualTo(isLong));

    [TestCase("RateLimit", true)]
    [TestCase("ratelimit", true)]
    [TestCase("X-RateLimit", true)]
    [TestCase("MyRateLimit", false)]
    [TestCase("RateLimit-Reset", false)]
    [TestCase("Limit", false)]
    public void IsField_Name_IsTheFieldOrHasAPrefix(string name, bool isField) =>
        Assert.That(LimitNames.IsField(name), Is.EqualTo(isField));

    [TestCase("reset")]
    [TestCase("resets")]
    [TestCase("Reset-After")]
    [TestCase("reset-in")]
    [TestCase("resets-at")]
    [TestCase("reset-time")]
    [TestCase("resetTime")]
    [TestCase("reset-timestamp")]
    [TestCase("reset-ms")]
    [TestCase("reset-seconds")]
    public void IsReset_WordAndSuffix_IsMeasured(string word)
    {
        Assert.That(LimitNames.IsReset(word));
        Assert.That(LimitNames.LengthOfReset(word), Is.EqualTo(word.Length));
        Assert.That(LimitNames.LengthOfReset(word + "-requests"), Is.EqualTo(word.Length), "what follows is no part");
        Assert.That(LimitNames.IsReset(word + "-requests"), Is.False);
    }

    [TestCase("")]
    [TestCase("rese")]
    [TestCase("preset")]
    [TestCase("resetting")]
    public void IsReset_OtherWord_IsNot(string word) => Assert.That(LimitNames.IsReset(word), Is.False);

    [TestCase("tokens")]
    [TestCase("points")]
    [TestCase("cost")]
    [TestCase("bytes")]
    [TestCase("bandwidth")]
    [TestCase("complexity")]
    [TestCase("credits")]
    [TestCase("units")]
    [TestCase("used-weight")]
    public void CountsRequests_OtherUnit_DoesNot(string unit)
    {
        Assert.That(LimitNames.CountsRequests($"X-RateLimit-Remaining-{unit}"), Is.False);
        Assert.That(LimitNames.CountsRequests(unit.ToUpperInvariant()), Is.False);
        Assert.That(LimitNames.CountsRequests("X-RateLimit-Remaining-Requests"));
    }

    [TestCase("X-RateLimit-Remaining-Second", 1.0)]
    [TestCase("x-ratelimit-remaining-minute", 60.0)]
    [TestCase("X-MinLimit-Remaining", 60.0)]
    [TestCase("X-RateLimit-Remaining-Hour", 3_600.0)]
    [TestCase("X-RateLimit-Remaining", null)]
    public void WindowOf_Name_IsTheWindow(string name, double? seconds) =>
        Assert.That(LimitNames.WindowOf(name)?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase("X-RateLimit-Bucket", true)]
    [TestCase("x-quota-resource", true)]
    [TestCase("X-RateLimit-Scope", false)]
    [TestCase("X-Bucket", false)]
    [TestCase("X-RateLimit-Buckets", false)]
    public void IsScope_Name_IsOfALimit(string name, bool isScope) =>
        Assert.That(LimitNames.IsScope(name), Is.EqualTo(isScope));

    [TestCase("a-x-b", "x")]
    [TestCase("A-xyz-B", "xyz")]
    [TestCase("a--b", "")]
    [TestCase("a-b", "")]
    [TestCase("c-x-b", "")]
    [TestCase("a-x-c", "")]
    public void Between_BeginningAndEnd_IsWhatTheyEnclose(string name, string expected) =>
        Assert.That(LimitNames.Between(name, "a-", "-b").ToString(), Is.EqualTo(expected));
}
