using System.Net;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;

namespace RetryHandler.Tests.Retry;

[TestFixture]
internal sealed class BudgetWatchTests
{
    private readonly BudgetWatch _watch = new(isOn: true, new ManualTimeProvider());

    [Test]
    public void Read_EverythingPublished_IsTakenOver() => Assert.That(
        Read("X-RateLimit-Limit: 100|X-RateLimit-Remaining: 50|X-RateLimit-Reset: 2.5|X-RateLimit-Resource: core"),
        Is.EqualTo(new BudgetReading(50, 2.5) { Limit = 100, Scope = "core" }));

    [TestCase("RateLimit: \"a\";r=5;t=30|RateLimit-Policy: \"a\";q=10;w=60", 30, 60)]
    [TestCase("X-RateLimit-Remaining-Minute: 5", 60, 60, Description = "at the latest")]
    [TestCase("X-RateLimit-Remaining-Minute: 5|X-RateLimit-Reset-Minute: 360", 60, 60, Description = "a wrong clock")]
    public void Read_Window_BoundsTheReset(string headers, double resetIn, double window)
    {
        var reading = Read(headers);

        Assert.That((reading?.ResetIn, reading?.Window), Is.EqualTo((resetIn, window)));
    }

    [Test]
    public void Read_Tokens_AreOfOtherUnits() => Assert.That(
        Read("X-RateLimit-Remaining-Tokens: 5|X-RateLimit-Reset-Tokens: 60")?.IsOfOtherUnits, Is.True);

    [TestCase("")]
    [TestCase("X-RateLimit-Remaining: 5", Description = "nobody knows until when")]
    public void Read_NothingToKeepTo_IsNothing(string headers) => Assert.That(Read(headers), Is.Null);

    [TestCase(FailureKind.None, true, true)]
    [TestCase(FailureKind.Throttled, true, true)]
    [TestCase(FailureKind.Permanent, true, false)]
    [TestCase(FailureKind.Transient, false, false)]
    [TestCase(FailureKind.QuotaExhausted, false, false)]
    public void Read_Errors_AreBelievedLess(FailureKind kind, bool isReadWithSomeLeft, bool isReadWithNoneLeft)
    {
        Assert.That(Read("X-RateLimit-Remaining: 1|X-RateLimit-Reset: 9", kind) is not null, Is.EqualTo(isReadWithSomeLeft));
        Assert.That(Read("X-RateLimit-Remaining: 0|X-RateLimit-Reset: 9", kind) is not null, Is.EqualTo(isReadWithNoneLeft));
    }

    [Test]
    public void Read_NoResponse_IsNothing() => Assert.That(_watch.IsDue(null, FailureKind.Throttled), Is.False);

    [Test]
    public void Read_Off_IsNothing()
    {
        using var response = Respond("X-RateLimit-Remaining: 5|X-RateLimit-Reset: 60");

        Assert.That(new BudgetWatch(isOn: false, new ManualTimeProvider()).IsDue(response, FailureKind.None), Is.False);
    }

    [Test]
    public void Read_HeadersComeLate_AreFoundWithinSixteenAnswers()
    {
        for (var i = 0; i < 1000; i++)
        {
            Read("Server: x");
        }

        var looks = Enumerable.Range(0, 16).Count(_ => Read("X-RateLimit-Remaining: 5|X-RateLimit-Reset: 60") is null);

        Assert.That(looks, Is.LessThan(16));
        Assert.That(Read("X-RateLimit-Remaining: 5|X-RateLimit-Reset: 60"), Is.Not.Null, "from then on each");
    }

    [TestCase(16, 0)]
    [TestCase(17, 16)]
    [TestCase(33, 0)]
    [TestCase(34, 16)]
    public void Read_SoManyAnswersWithout_TheNextLookIsAtMostSixteenLater(int without, int unseen)
    {
        Repeat(without, "Server: x");

        var missed = 0;
        while (Read("X-RateLimit-Remaining: 5|X-RateLimit-Reset: 60") is null)
        {
            missed++;
        }

        Assert.That(missed, Is.EqualTo(unseen));
    }

    [Test]
    public void Read_FoundAgain_AnswersWithoutAreCountedAnew()
    {
        Repeat(16, "Server: x");
        Assert.That(Read("X-RateLimit-Remaining: 5|X-RateLimit-Reset: 60"), Is.Not.Null);

        Repeat(16, "Server: x");

        Assert.That(Read("X-RateLimit-Remaining: 5|X-RateLimit-Reset: 60"), Is.Not.Null);
    }

    /// <summary>What an answer costs that publishes nothing, once nobody expects it to.</summary>
    [Test]
    public void Read_NothingPublished_AllocatesNothing()
    {
        using var response = Respond("Server: x|Vary: Accept|X-Request-Id: 7");
        for (var i = 0; i < 1000; i++)
        {
            _watch.Read(response, FailureKind.None);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _watch.Read(response, FailureKind.None);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static HttpResponseMessage Respond(string headers)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK);
        response.Headers.AddLines(headers);
        return response;
    }

    private void Repeat(int times, string headers)
    {
        for (var i = 0; i < times; i++)
        {
            Read(headers);
        }
    }

    private BudgetReading? Read(string headers, FailureKind kind = FailureKind.None)
    {
        using var response = Respond(headers);
        return _watch.IsDue(response, kind) ? _watch.Read(response, kind) : null;
    }
}
