using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class ClosedDoorTests
{
    private const double Unit = 0.1;

    private ClosedDoor _door;

    [Test]
    public void Close_NoDelayIsNamed_PausesDoubleUpToTenSeconds()
    {
        var pauses = Enumerable.Range(0, 9).Select(i => Close(now: i)).ToArray();

        Assert.That(pauses, Is.EqualTo(new[] { 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10 }).Within(1e-9));
        Assert.That(_door.Pause, Is.EqualTo(10));
    }

    [TestCase(1.01)]
    [TestCase(90.0)]
    public void Close_DelayIsNamed_PausesForThat(double delay)
    {
        Assert.That(Close(now: 0, delay), Is.EqualTo(delay));

        Assert.That(_door.Pause, Is.EqualTo(0.25), "what it would be without the server's word");
    }

    /// <summary>A second is what is left of it, rounded up, or what is always said: somebody looks sooner.</summary>
    [TestCase(1.0, 0.25)]
    [TestCase(0.9, 0.225)]
    [TestCase(0.5, 0.2, Description = "no sooner than without a word")]
    public void Close_ASecondIsNamed_LooksAfterAQuarterOfItAndThenAfterTwiceAsLong(double delay, double first)
    {
        var pauses = Enumerable.Range(0, 4).Select(i => Close(now: i, delay)).ToArray();

        Assert.That(pauses, Is.EqualTo(new[] { first, 2 * first, 4 * first, 8 * first }).Within(1e-9));
    }

    /// <summary>An instant that was named may come without anybody having been held back until then.</summary>
    [Test]
    public void ClosedTime_OnlyWhileItIsClosed()
    {
        _door.OnNamedDelay(5, now: 2);
        Assert.That(_door.ClosedTime(7), Is.Zero);

        Close(now: 3);
        Close(now: 4);
        Assert.That(_door.ClosedTime(7), Is.EqualTo(4));

        _door.Open();
        Assert.That(_door.ClosedTime(8), Is.Zero);
    }

    [Test]
    public void Open_Closed_StartsThePausesAnew()
    {
        Assert.That(_door.IsClosed, Is.False);
        Close(now: 0);
        Close(now: 1);
        Assert.That(_door.IsClosed);

        _door.Open();

        Assert.That(_door.IsClosed, Is.False);
        Assert.That(Close(now: 2), Is.EqualTo(0.2).Within(1e-9));
    }

    [TestCase(1.9, 10.0, false, Description = "a second is what a bucket says that has a token in 5 ms")]
    [TestCase(2.0, 2.9, false)]
    [TestCase(2.0, 3.0, true)]
    [TestCase(60.0, 61.0, true)]
    public void HasEnded_NamedDelay_FromTwoSecondsOn(double delay, double now, bool expected)
    {
        _door.OnNamedDelay(delay, now: 1);

        Assert.That(_door.HasEnded(now), Is.EqualTo(expected));
    }

    [Test]
    public void HasEnded_SeveralDelays_IsTheEarliestEnd()
    {
        _door.OnNamedDelay(9, now: 1);
        _door.OnNamedDelay(3, now: 2);

        Assert.That(_door.HasEnded(4.9), Is.False);
        Assert.That(_door.HasEnded(5));
    }

    [Test]
    public void OnNamedDelay_AfterTheEndBefore_IsTheNextEnd()
    {
        _door.OnNamedDelay(3, now: 1);

        _door.OnNamedDelay(9, now: 4);

        Assert.That(_door.HasEnded(12.9), Is.False);
        Assert.That(_door.HasEnded(13));
    }

    [Test]
    public void HasEnded_Opened_IsForgotten()
    {
        _door.OnNamedDelay(9, now: 1);

        _door.Open();

        Assert.That(_door.HasEnded(100), Is.False);
    }

    [TestCase(10, true)]
    [TestCase(9, false)]
    public void WasWindow_EndWasNamed_IsOneAtOnce(int accepted, bool expected)
    {
        _door.OnNamedDelay(3, now: 1);

        Assert.That(_door.WasWindow(accepted, least: 1, probedAt: 4.1, now: 4.2, out var end), Is.EqualTo(expected));
        Assert.That(end, Is.EqualTo(4), "the named end, not that of the probe");
    }

    [TestCase(100, true)]
    [TestCase(61, true)]
    [TestCase(60, false)]
    [TestCase(159, true)]
    [TestCase(160, false)]
    public void WasWindow_EndWasNotNamed_IsOneAtTheSecondOfLikeSize(int second, bool expected)
    {
        Assert.That(Shut(100, at: 0), Is.False);

        Assert.That(Shut(second, at: 10), Is.EqualTo(expected));
    }

    [Test]
    public void WasWindow_EndWasNotNamed_EndsWithTheProbe()
    {
        Shut(100, at: 0);
        Close(times: 3, at: 10);

        _door.WasWindow(100, least: 1, probedAt: 12.1, now: 12.2, out var end);

        Assert.That(end, Is.EqualTo(12.1));
    }

    [Test]
    public void WasWindow_SizesDiffer_ComparesWithTheLast()
    {
        Assert.That(Shut(100, at: 0), Is.False);
        Assert.That(Shut(500, at: 10), Is.False);

        Assert.That(Shut(510, at: 20));
    }

    [TestCase(9, 3, 2.0, Description = "less than ten requests")]
    [TestCase(100, 2, 2.0, Description = "two probes refused")]
    [TestCase(100, 3, 1.0, Description = "no longer than a second")]
    public void WasWindow_NotLikeAWindow_NeverIsOne(int accepted, int closures, double seconds)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.That(Shut(accepted, at: 10 * i, closures, seconds), Is.False);
        }
    }

    /// <summary>The window before was open again some time between 1.1 and 1.9 seconds after it began.</summary>
    [Test]
    public void Close_WindowOfAboutKnownLength_ProbesBetweenWhatItHadAtLeastAndAtMost()
    {
        foreach (var at in new[] { 0.5, 0.7, 1.1 })
        {
            Close(at);
        }

        _door.Reopen(windowStart: 0, probedAt: 1.9);
        var pauses = new[] { 2.1, 2.95, 3.11, 3.81, 4.1 }.Select(at => Close(at, windowStart: 1.9)).ToArray();

        Assert.That(pauses, Is.EqualTo(new[]
        {
            1.9 + (0.95 * 1.1) - 2.1,
            0.2 * (1.9 - 1.1),
            0.2 * (1.9 - 1.1),
            2 * 0.2 * (1.9 - 1.1),
            4 * 0.2 * (1.9 - 1.1),
        }).Within(1e-9));
    }

    [Test]
    public void Close_WindowsThatDifferByLittle_StepByATenthOfThem()
    {
        Close(10);
        _door.Reopen(windowStart: 0.01, probedAt: 10.1);

        Assert.That(Close(20, windowStart: 10.1), Is.EqualTo(0.1 * 9.99).Within(1e-9));
    }

    [Test]
    public void Close_LongWindow_PausesNoLongerThanTenSeconds()
    {
        Close(100);
        _door.Reopen(windowStart: 0, probedAt: 110);

        Assert.That(Close(112, windowStart: 110), Is.EqualTo(10));
    }

    [TestCase(0.0, 0.2)]
    [TestCase(3.0, 0.0)]
    public void Doubt_End_IsThePauseUnlessItWasNamed(double delay, double expected)
    {
        _door.OnNamedDelay(delay, now: 1);
        Close(now: 1, delay);

        Assert.That(_door.Doubt, Is.EqualTo(expected).Within(1e-9));
    }

    private double Close(double now, double delay = 0, double? windowStart = null) =>
        _door.Close(delay, Unit, windowStart, sentAt: now, now);

    private void Close(int times, double at)
    {
        for (var i = 0; i < times; i++)
        {
            Close(at + (0.1 * i));
        }
    }

    /// <summary>Closes and opens.</summary>
    /// <returns>Whether it was a window.</returns>
    private bool Shut(int accepted, double at, int closures = 3, double seconds = 2)
    {
        Close(closures, at);
        var wasWindow = _door.WasWindow(accepted, least: 1, at + seconds - 0.05, at + seconds, out _);
        _door.Open();
        return wasWindow;
    }
}
