using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class BurstGuessTests
{
    private const double Reserve = 0.25;

    private BurstGuess _guess;

    [Test]
    public void OnAskedRefusal_MeasureAboveTheRate_IsNoError()
    {
        var cycle = default(RateCycle);
        cycle.Keep(10, length: 1);
        cycle.Advance(2);
        for (var i = 0; i < 100; i++)
        {
            cycle.Exceed(busyTime: 0, roundTrip: 0.5);
        }

        var guess = default(BurstGuess).OnAskedRefusal(cycle, measured: 23, rate: 11, refused: 11, reserve: 0.25);

        Assert.That(guess, Is.EqualTo(23));
    }

    [Test]
    public void OnAskedRefusal_TryTookNoMoreThanTheReserve_BelievesTheMeasure() =>
        Assert.That(_guess.OnAskedRefusal(Tried(16, seconds: 1), measured: 15, rate: 20, refused: 10, Reserve), Is.Zero);

    [Test]
    public void OnAskedRefusal_TryTookManyMore_BelievesTheTryOnce()
    {
        Assert.That(
            _guess.OnAskedRefusal(Tried(19, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve),
            Is.EqualTo(19).Within(1e-9));
    }

    [TestCase(40, 20.0, Description = "no more than was sent")]
    [TestCase(19, 19.0)]
    public void OnAskedRefusal_Guess_IsNoMoreThanTheRateOfTheTry(int tried, double expected) => Assert.That(
        _guess.OnAskedRefusal(Tried(tried, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve),
        Is.EqualTo(expected).Within(1e-9));

    [Test]
    public void OnAskedRefusal_RefusedFarAboveTheMeasure_TriesTheirGeometricMean() => Assert.That(
        _guess.OnAskedRefusal(Tried(13, seconds: 1), measured: 10, rate: 40, refused: 40, Reserve),
        Is.EqualTo(20).Within(1e-9));

    [Test]
    public void OnFall_GuessWasOpen_KnowsTheReserve()
    {
        _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve);

        _guess.OnFall();

        AssertReserveIsKnown();
    }

    [Test]
    public void OnFall_NothingWasInDoubt_ForgetsTheReserve()
    {
        _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve);
        _guess.TryRefute(measured: 10, kept: 10.5, out _);

        _guess.OnFall();

        Assert.That(
            _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve),
            Is.EqualTo(20).Within(1e-9));
    }

    [Test]
    public void OnAskedRefusal_MoreThanWhatWasRefutedBefore_IsNotHeldBackByIt()
    {
        _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve);
        _guess.TryRefute(measured: 10, kept: 20, out _);

        Assert.That(
            _guess.OnAskedRefusal(Tried(60, seconds: 1), measured: 25, rate: 80, refused: 10, Reserve),
            Is.EqualTo(60).Within(1e-9));
    }

    [Test]
    public void TryRefute_NothingWasGuessed_IsFalse()
    {
        Assert.That(_guess.TryRefute(measured: 10, kept: 20, out var next), Is.False);
        Assert.That(next, Is.Zero);
    }

    [Test]
    public void TryRefute_GuessWasTooMuch_BelievesHalfOfTheWay()
    {
        _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve);

        Assert.That(_guess.TryRefute(measured: 10, kept: 20, out var next));

        Assert.That(next, Is.EqualTo(15));
        Assert.That(_guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 11, rate: 20, refused: 10, Reserve), Is.EqualTo(15.5),
            "the next try is believed no further than half of the way to what was refuted");
    }

    [Test]
    public void TryRefute_GuessAndMeasureAreNear_KnowsTheReserve()
    {
        _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve);

        Assert.That(_guess.TryRefute(measured: 10, kept: 10.5, out var next));

        Assert.That(next, Is.Zero, "the measure is right");
        AssertReserveIsKnown();
    }

    [Test]
    public void OnAskedRefusal_NoMoreAcceptedThoughMoreWasSent_KnowsTheReserve()
    {
        Assert.That(
            _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve), Is.EqualTo(20).Within(1e-9));

        // The guess of 20/s was kept, and still 10.1/s was all that was accepted.
        Assert.That(
            _guess.OnAskedRefusal(Tried(20, seconds: 1, anchor: 20), measured: 10.1, rate: 21, refused: 10, Reserve), Is.Zero);
    }

    [TestCase(20.0, 1.0)]
    [TestCase(20.0, 2.0)]
    [TestCase(20.0, 3.0)]
    [TestCase(2.0, 1.0)]
    [TestCase(200.0, 2.0)]
    [TestCase(200.0, 3.0)]
    public void Rate_BucketOfHardlyAnySize_IsFound(double limit, double burst)
    {
        var run = new ControllerRun(ModelUpstream.Bucket(limit, burst));
        run.RunUntil(120);
        run.Refusals.Clear();

        Assert.That(run.RateOf(300), Is.GreaterThanOrEqualTo(0.8 * limit));
        Assert.That(run.Refusals.Count / 300.0 / limit, Is.LessThan(0.05));
    }

    [TestCase(20.0, 20.0)]
    [TestCase(20.0, 200.0)]
    [TestCase(200.0, 400.0)]
    public void Rate_RealReserve_IsAcceptedAfterFewRefutations(double limit, double burst)
    {
        var run = new ControllerRun(ModelUpstream.Bucket(limit, burst), callers: 30);
        run.RunUntil(60);
        run.Refusals.Clear();
        run.RunUntil(180);

        Assert.That(run.Refusals.Count, Is.LessThan(Math.Max(20, 0.003 * 120 * limit)));
        Assert.That(run.Kind, Is.EqualTo(LimitKind.Rate));
        Assert.That(run.RateOf(120), Is.EqualTo(limit).Within(2).Percent);
    }

    /// <summary>Makes a cycle whose try for more took so long, and so many attempts were accepted in it.</summary>
    private static RateCycle Tried(int accepted, double seconds, double anchor = 10)
    {
        var cycle = default(RateCycle);
        cycle.Keep(anchor, length: 5);
        cycle.Advance(5 + seconds);
        for (var i = 0; i < accepted; i++)
        {
            cycle.Exceed(0, 0.1);
        }

        return cycle;
    }

    private void AssertReserveIsKnown()
    {
        Assert.That(_guess.TryRefute(measured: 10, kept: 20, out _), Is.False, "nothing is in doubt any more");
        Assert.That(
            _guess.OnAskedRefusal(Tried(20, seconds: 1), measured: 10, rate: 20, refused: 10, Reserve), Is.Zero,
            "a try that takes that reserve again is no news");
    }
}
