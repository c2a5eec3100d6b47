using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class ConcurrencyLimitTests
{
    private const double RoundTrip = 0.05;

    private ConcurrencyLimit _limit;
    private double _now = 100;

    [SetUp]
    public void SetUp() => (_limit, _now) = (default, 100);

    [Test]
    public void Flight_PartRefused_IsLimitedToWhatWasTaken()
    {
        Land(accepted: 16, refused: 48);

        Assert.That((_limit.IsFound, _limit.Limit), Is.EqualTo((true, 16)));
    }

    /// <summary>While the limiter is dormant nobody says when an attempt was sent.</summary>
    [Test]
    public void OnAccepted_LongAfterTheFirstFlight_IsNotOfIt()
    {
        Land(accepted: 16, refused: 48);
        for (var i = 0; i < 1000; i++)
        {
            _limit.OnAccepted(double.NegativeInfinity, inFlight: 1, _now + 60);
        }

        Assert.That(_limit.Limit, Is.EqualTo(16));
    }

    [Test]
    public void Flight_WhollyRefused_IsAnOutage()
    {
        Land(accepted: 0, refused: 20);

        Assert.That((_limit.IsFound, _limit.IsSuspected), Is.EqualTo((false, false)));
    }

    /// <summary>The first answers look like a limit; those that come after them do not.</summary>
    [Test]
    public void Flight_FewRefused_WasChance()
    {
        Land(accepted: 60, refused: 3);
        Assert.That(_limit.IsFound);

        Accept(sentAt: _now);

        Assert.That(_limit.IsFound, Is.False);
        Land(accepted: 1, refused: 2);
        Assert.That(_limit.IsFound, Is.False, "nothing is suspected for a time");
    }

    [Test]
    public void Flight_FewRefusedAgainAndAgain_EachTimeNothingIsSuspectedForTwiceAsLong()
    {
        var times = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            Land(accepted: 60, refused: 3);
            Accept(sentAt: _now);
            var start = _now;
            while (!_limit.IsFound)
            {
                _now += 1;
                Land(accepted: 60, refused: 3);
            }

            times.Add(Math.Round(_now - start));
            Accept(sentAt: _now);
            _now += times[^1] * 4;
        }

        // Each turn has two mistakes.
        Assert.That(times, Is.EqualTo(new[] { 10, 40, 160, 640, 640, 640, 640, 640, 640, 640 }).Within(1));
    }

    /// <summary>Requests that are alone are never refused by a limit on concurrency.</summary>
    [TestCase(0.05, false)]
    [TestCase(0.1, false)]
    [TestCase(0.3, false)]
    [TestCase(0, true)]
    public void Alone_RefusedNonetheless_IsGivenUp(double share, bool isKept)
    {
        Land(accepted: 2, refused: 4);
        var random = new Random(1);
        for (var i = 0; i < 4000 && _limit.IsFound; i++)
        {
            // One slot, and failures at random.
            var isAlone = _limit.Limit < 2;
            if (random.NextDouble() < share || !isAlone)
            {
                Refuse(sentAt: _now);
            }
            else
            {
                Accept(sentAt: _now);
            }
        }

        Assert.That(_limit.IsFound, Is.EqualTo(isKept));
    }

    /// <summary>Where the limit stays, one of 25 is refused, however the flight that showed it went.</summary>
    [TestCase(16, 16)]
    [TestCase(40, 16)]
    [TestCase(5, 16)]
    public void Limit_SoManySlots_SettlesThere(int first, int slots)
    {
        Land(first, 60);
        var refused = 0;
        for (var i = 0; i < 4000; i++)
        {
            var inFlight = (int)_limit.Limit;
            if (inFlight > slots)
            {
                Refuse(sentAt: _now, inFlight - 1);
                refused += i >= 2000 ? 1 : 0;
            }
            else
            {
                Accept(sentAt: _now, inFlight - 1);
            }
        }

        Assert.That(_limit.Limit, Is.EqualTo(slots + 1).Within(1));
        Assert.That(refused / 2000.0, Is.EqualTo(0.04).Within(0.005));
    }

    /// <summary>Has a flight land, refusals first, as they come back sooner.</summary>
    private void Land(int accepted, int refused)
    {
        var sentAt = _now;
        var inFlight = accepted + refused;
        _now += RoundTrip;
        var early = Math.Min(refused, 2);
        for (var i = 0; i < early; i++)
        {
            _limit.OnRefused(sentAt, --inFlight, _now);
        }

        for (var i = 0; i < accepted; i++)
        {
            _limit.OnAccepted(sentAt, --inFlight, _now);
        }

        for (var i = early; i < refused; i++)
        {
            _limit.OnRefused(sentAt, --inFlight, _now);
        }
    }

    private void Accept(double sentAt, int inFlight = 0)
    {
        _now += RoundTrip;
        _limit.OnAccepted(sentAt, inFlight, _now);
    }

    private void Refuse(double sentAt, int inFlight = 0)
    {
        _now += RoundTrip;
        _limit.OnRefused(sentAt, inFlight, _now);
    }
}
