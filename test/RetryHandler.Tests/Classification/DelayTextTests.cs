using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>The delays that upstreams write, and what looks like one.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class DelayTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [TestCase("0", 0)]
    [TestCase("7", 7)]
    [TestCase(" 7 ", 7)]
    [TestCase("1.5", 1.5)]
    [TestCase("64.57", 64.57)]
    [TestCase("007", 7)]
    [TestCase("120ms", 0.12)]
    [TestCase("1.56s", 1.56)]
    [TestCase("6m0s", 360)]
    [TestCase("2m59.56s", 179.56)]
    [TestCase("1h0m0s", 3600)]
    [TestCase("30s", 30)]
    [TestCase("30 seconds", 30)]
    [TestCase("00:00:03", 3)]
    [TestCase("2.12:10:00", 216_600)]
    [TestCase("Sat, 21 Nov 2026 12:02:00 GMT", 120)]
    [TestCase("Mon, 21 Nov 2026 12:02:00 GMT", 120, Description = "The wrong day of the week")]
    [TestCase("Saturday, 21-Nov-26 12:00:30 GMT", 30)]
    [TestCase("21 Nov 2026 12:00:30 UTC", 30)]
    [TestCase("Sat, 21 Nov 2026 13:00:30 +01:00", 30)]
    [TestCase("Sat Nov 21 12:00:30 2026", 30)]
    [TestCase("Sun Nov  1 12:00:30 2026", 0, Description = "The past")]
    [TestCase("2026-11-22T00:00:00Z", 43_200)]
    [TestCase("2026-11-21T13:00:01.5+01:00", 1.5)]
    [TestCase("2026-11-21 12:00:30 UTC", 30)]
    [TestCase("2026-11-21 12:00:30.5Z", 30.5)]
    [TestCase("2026-11-21T12:01Z", 60)]
    [TestCase("0.123456789012345", 0.1234568, Description = "fifteen digits, rounded up to a tick")]
    [TestCase("Sat, 21 Nov 2026 11:59:00 GMT", 0)]
    public void Read_Delay_IsSeconds(string text, double seconds) => Assert.That(
        DelayText.Read(text).From(Clock())?.TotalSeconds, Is.EqualTo(seconds).Within(1e-7));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("-5")]
    [TestCase("+5")]
    [TestCase("1e3")]
    [TestCase("0x10")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("1,5")]
    [TestCase(".5")]
    [TestCase("5.")]
    [TestCase("1.2.3")]
    [TestCase("٣٠")]
    [TestCase("soon")]
    [TestCase("9999999999999999")]
    [TestCase("0.1234567890123456")]
    [TestCase("5 parsecs")]
    [TestCase("5s6")]
    [TestCase("21 Nov")]
    [TestCase("Sat, 31 Nov 2026 12:00:00 GMT")]
    [TestCase("1.5.2026")]
    public void Read_SomethingElse_IsNone(string text) =>
        Assert.That(DelayText.Read(text).From(Clock()), Is.Null);

    [TestCase("ns", 1e-9)]
    [TestCase("us", 1e-6)]
    [TestCase("µs", 1e-6)]
    [TestCase("ms", 1e-3)]
    [TestCase("s", 1)]
    [TestCase("sec", 1)]
    [TestCase("secs", 1)]
    [TestCase("second", 1)]
    [TestCase("seconds", 1)]
    [TestCase("m", 60)]
    [TestCase("min", 60)]
    [TestCase("mins", 60)]
    [TestCase("minute", 60)]
    [TestCase("minutes", 60)]
    [TestCase("h", 3600)]
    [TestCase("hr", 3600)]
    [TestCase("hour", 3600)]
    [TestCase("hours", 3600)]
    [TestCase("d", 86_400)]
    [TestCase("day", 86_400)]
    [TestCase("days", 86_400)]
    public void Read_Unit_IsUnderstood(string unit, double seconds)
    {
        Assert.That(
            DelayText.Read($"1000{unit}").From(Clock())?.TotalSeconds, Is.EqualTo(1000 * seconds).Within(1e-9));
        Assert.That(DelayText.Read($"1000 {unit}x").From(Clock()), Is.Null);
    }

    [TestCase("1h 30m", 5400)]
    [TestCase("1 h 30 m", 5400)]
    [TestCase("1h  30m ", 5400)]
    [TestCase("1d2h3m4s5ms", 93_784.005)]
    public void Read_UnitsWithSpaces_AreAdded(string text, double seconds) => Assert.That(
        DelayText.Read(text).From(Clock())?.TotalSeconds, Is.EqualTo(seconds).Within(1e-7));

    /// <summary>Far away, but still an instant that can be added to and compared.</summary>
    [TestCase("999999999999999")]
    [TestCase("999999999999999h999999999999999h")]
    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT")]
    public void Read_Absurd_IsCutOff(string text)
    {
        var delay = DelayText.Read(text).From(Clock());

        Assert.That(delay, Is.EqualTo(DelayHint.Longest));
        Assert.That(() => Now + delay, Throws.Nothing);
    }

    [TestCase("36", 36)]
    [TestCase("999999999", 999_999_999, Description = "The last number that is a delay")]
    [TestCase("1000000000", 0, Description = "The first instant: one of 2001")]
    [TestCase("1000000000000", 0, Description = "The same in milliseconds")]
    [TestCase("1795262442", 43, Description = "The whole second 42, to its end")]
    [TestCase("1795262464.570", 64.57)]
    [TestCase("1795262430000", 30)]
    [TestCase("1.56s", 1.56)]
    [TestCase("Sat, 21 Nov 2026 12:01:30 GMT", 90)]
    public void ReadReset_Number_IsADelayOrAnInstant(string text, double seconds) => Assert.That(
        DelayText.ReadReset(text).From(Clock())?.TotalSeconds, Is.EqualTo(seconds).Within(1e-7));

    [Test]
    public void ReadReset_SecondsFarAway_AreNoMilliseconds() =>
        Assert.That(DelayText.ReadReset("999999999999").From(Clock()), Is.EqualTo(DelayHint.Longest));

    [TestCase("1560", 1560.0)]
    [TestCase("0.5", 0.5)]
    [TestCase("-1", null)]
    [TestCase("5s", null)]
    public void ReadMilliseconds_Number_IsMilliseconds(string text, double? milliseconds) => Assert.That(
        DelayText.ReadMilliseconds(text).From(Clock())?.TotalMilliseconds, Is.EqualTo(milliseconds));

    /// <summary>A wait that is rounded down ends early.</summary>
    [Test]
    public void Read_BelowATick_IsRoundedUp() =>
        Assert.That(DelayText.Read("0.00000001").From(Clock()), Is.EqualTo(TimeSpan.FromTicks(1)));

    [Test]
    public void From_ResponseWithADate_UsesTheServersClock()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Date", "Sat, 21 Nov 2026 12:05:00 GMT");
        var clock = new ServerClock(response, new ManualTimeProvider(Now));

        Assert.That(
            DelayText.Read("Sat, 21 Nov 2026 12:05:20 GMT").From(clock), Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void OrLonger_DelayAndInstant_IsTheLater() => Assert.That(
        DelayText.Read("20").OrLonger(DelayText.Read("2026-11-21T12:00:30Z")).OrLonger(default).From(Clock()),
        Is.EqualTo(TimeSpan.FromSeconds(30)));

    private static ServerClock Clock() => new(new HttpResponseMessage(), new ManualTimeProvider(Now));
}
