using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class RoundTripTimeTests
{
    [Test]
    public void Add_SeveralAnswers_IsSmoothed()
    {
        var time = default(RoundTripTime);
        time.Add(Answer(sentAt: 1, now: 2));
        Assert.That(time.Value, Is.EqualTo(1));

        time.Add(Answer(sentAt: 1, now: 10));

        Assert.That(time.Value, Is.EqualTo(2));
    }

    [Test]
    public void Add_NobodyKnowsWhenItWasSent_StaysAsItWas()
    {
        var time = default(RoundTripTime);
        time.Add(Answer(sentAt: 1, now: 2));

        time.Add(Answer(double.NegativeInfinity, now: 3));
        time.Add(Answer(sentAt: 1, now: 9) with { IsSentLater = true });

        Assert.That(time.Value, Is.EqualTo(1));
    }

    private static SendReport Answer(double sentAt, double now) =>
        new(now, SendFeedback.Accepted) { SentAt = sentAt };
}
