using System.Net;
using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Which of several delays counts.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ServerDelaysTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [TestCase("Retry-After: 3|RateLimit: \"a\";r=0;t=5|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9", "7", 3)]
    [TestCase("RateLimit: \"a\";r=0;t=5|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9", "7", 5)]
    [TestCase("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9", "7", 7)]
    [TestCase("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9", "", 9)]
    public void Read_Throttled_TheMostExplicitCounts(string headers, string body, double seconds) =>
        Assert.That(Read(FailureKind.Throttled, headers, body), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("RateLimit: \"a\";r=0;t=7200|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9000", 7200)]
    [TestCase("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9000", 9000)]
    [TestCase("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 3600", 3600, Description = "an hour is long enough")]
    [TestCase("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 3599", null, Description = "not the end of a quota")]
    [TestCase("X-RateLimit-Remaining: 1|X-RateLimit-Reset: 9000", null, Description = "not the limit that is used up")]
    public void Read_QuotaExhausted_OnlyTheEndOfALongTimeCounts(string headers, double? seconds) =>
        Assert.That(Read(FailureKind.QuotaExhausted, headers)?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase("Retry-After: 5, 3", 5)]
    [TestCase("Retry-After: 3, 5", 5)]
    [TestCase("Retry-After: 3, 5, 4", 5)]
    [TestCase("Retry-After: ,5", 5)]
    [TestCase("Retry-After: Sat, 21 Nov 2026 12:00:08 GMT", 8, Description = "the comma of a date")]
    [TestCase("Retry-After: 3|Retry-After-Ms: 2500", 2.5, Description = "the finer unit")]
    [TestCase("Retry-After: 3|X-Envoy-Pushback-Ms: 9000", 3)]
    public void Read_SeveralDelays_TheLongestOfOneKindCounts(string headers, double seconds) =>
        Assert.That(Read(FailureKind.Throttled, headers), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    /// <summary>Some report several limits in one line; only what is used up says when to come back.</summary>
    [TestCase("0, 1834", "1, 1419704", 1)]
    [TestCase("5, 0", "9, 30", 30)]
    [TestCase("0, 0", "30, 9", 30)]
    [TestCase("0", "9, 30", 9)]
    [TestCase("0, 0", "9", 9)]
    [TestCase("3, 4", "9, 30", null)]
    [TestCase("0;w=21600", "9", 9)]
    [TestCase("0/40", "9", 9)]
    [TestCase("0.0", "9", 9)]
    [TestCase("10", "9", null)]
    [TestCase("05", "9", null)]
    [TestCase(",", "9", null)]
    public void Read_Remaining_SaysWhichResetCounts(string remaining, string reset, double? seconds) => Assert.That(
        Read(FailureKind.Throttled, $"X-RateLimit-Remaining: {remaining}|X-RateLimit-Reset: {reset}")?.TotalSeconds,
        Is.EqualTo(seconds));

    [TestCase("x-amz-retry-after: 5", null, Description = "a hint, and no minimum")]
    [TestCase("X-Retry-After: 4", 4)]
    [TestCase("Retry-In: 4", 4)]
    [TestCase("X-Retry-After-Seconds: 4", 4)]
    [TestCase("X-Pushback-Ms: 4000", null)]
    [TestCase("X-Retry-Pushback-Ms: 4000", 4)]
    [TestCase("Reset-Limit: 4", 4, Description = "the word may come first")]
    public void Read_OtherNames_AreUnderstood(string header, double? seconds) =>
        Assert.That(Read(FailureKind.Throttled, header)?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase(31, 9)]
    [TestCase(32, 5)]
    public void Read_ManyLimits_ReadsTheFirst32(int others, double seconds)
    {
        var headers = Enumerable.Range(0, others)
            .Select(static i => $"X-L{i}-Limit-Reset: 5|X-L{i}-Limit-Remaining: 0");
        var all = string.Join('|', [.. headers, "X-Last-Limit-Reset: 9|X-Last-Limit-Remaining: 0"]);

        Assert.That(Read(FailureKind.Throttled, all), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    private static TimeSpan? Read(FailureKind kind, string headers, string body = "")
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.AddLines(headers);
        response.Headers.Date = Now;
        var hints = default(BodyHints);
        if (body.Length > 0)
        {
            hints.Add(KeyName.RetryAfter, Encoding.UTF8.GetBytes(body));
        }

        return ServerDelays.Read(response, hints, default, kind, new ManualTimeProvider(Now));
    }
}
