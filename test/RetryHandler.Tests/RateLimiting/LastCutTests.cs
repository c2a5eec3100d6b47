using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class LastCutTests
{
    private const double RoundTrip = 0.5;

    private LastCut _cut;

    [SetUp]
    public void Begin() => _cut.Begin(now: 10);

    [TestCase(9.99, true)]
    [TestCase(10, false)]
    [TestCase(double.NegativeInfinity, true, Description = "sent while the limiter was dormant")]
    public void IsAfter_Begun_WhatWasSentBefore(double sentAt, bool expected)
    {
        Assert.That(_cut.IsAfter(sentAt), Is.EqualTo(expected));
        Assert.That(_cut.WasAccepted, "nothing has been refused yet");
    }

    /// <summary>The attempt that was refused left at 19.5, and what it tells of the bucket is true half way.</summary>
    [TestCase(double.NegativeInfinity, false)]
    [TestCase(19.5, false)]
    [TestCase(19.74, false, Description = "may have overtaken the one that was refused")]
    [TestCase(19.75, true)]
    [TestCase(20, true)]
    public void OnAccepted_AfterARefusal_OnlyWhatWasSentLater(double sentAt, bool expected)
    {
        _cut.OnRefused(sentAt: 19.5, RoundTrip, now: 20);

        _cut.OnAccepted(sentAt);

        Assert.That(_cut.WasAccepted, Is.EqualTo(expected));
        Assert.That(_cut.IsAfter(19.99));
        Assert.That(_cut.IsAfter(20), Is.False);
    }

    [Test]
    public void OnAccepted_AfterARefusal_IsNotForgottenByEarlierOnes()
    {
        _cut.OnRefused(sentAt: 19.5, RoundTrip, now: 20);
        _cut.OnAccepted(20);

        _cut.OnAccepted(19);

        Assert.That(_cut.WasAccepted);
    }

    /// <summary>An answer that is slower than the average says as much: what counts is sent after the cut.</summary>
    [Test]
    public void OnAccepted_RefusalSoonerThanARoundTrip_WhatIsSentAfterTheCutCounts()
    {
        _cut.OnRefused(sentAt: 19.9, RoundTrip, now: 20);

        _cut.OnAccepted(20);

        Assert.That(_cut.WasAccepted);
    }

    [TestCase(19.99, false)]
    [TestCase(20, true)]
    public void OnAccepted_BehindAClosedDoor_OnlyWhatWasSentSince(double sentAt, bool expected)
    {
        _cut.OnRefused(sentAt: 19, RoundTrip, now: 19.5);
        _cut.OnClosed(now: 20);

        _cut.OnAccepted(sentAt);

        Assert.That(_cut.WasAccepted, Is.EqualTo(expected));
    }

    [Test]
    public void OnRefused_TellsOnceThatTheDoorWasClosed()
    {
        Assert.That(_cut.OnRefused(19.5, RoundTrip, 20), Is.False);

        _cut.OnClosed(21);
        _cut.OnClosed(22);
        _cut.Begin(23);

        Assert.That(_cut.OnRefused(24.5, RoundTrip, 25));
        Assert.That(_cut.OnRefused(25.5, RoundTrip, 26), Is.False);
    }
}
