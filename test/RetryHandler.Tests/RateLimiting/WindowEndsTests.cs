using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class WindowEndsTests
{
    /// <summary>
    /// In one window nothing was refused, so that its end was not seen: with twice the length, only half of what the
    /// upstream takes was sent, for good.
    /// </summary>
    [Test]
    public void Add_EndBetweenTwoOthers_ShowsThatTheLengthIsAMultiple()
    {
        var ends = WindowEnds.Of(10, doubt: 0);
        ends.Add(30.3, WindowEnds.Rounding);
        Assert.That(ends.Length, Is.EqualTo(20), "the end at 20 was not seen");

        ends.Add(40.5, WindowEnds.Rounding);
        Assert.That(ends.Length, Is.Zero);

        ends.Add(50.5, WindowEnds.Rounding);
        Assert.That(ends.Length, Is.EqualTo(10));
    }

    [TestCase(30.9, true, Description = "named up to a second late")]
    [TestCase(36.0, false, Description = "windows that slide have no ends in common")]
    public void Add_EndThatFitsOrSlides_KeepsTheLength(double end, bool isOnClock)
    {
        var ends = WindowEnds.Of(10, doubt: 0);
        ends.Add(20, WindowEnds.Rounding);

        ends.Add(end, WindowEnds.Rounding, isOnClock);

        Assert.That(ends.Length, Is.EqualTo(10));
    }
}
