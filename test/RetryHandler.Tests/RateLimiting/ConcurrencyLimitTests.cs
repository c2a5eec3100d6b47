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
        Assert.That(times, Is.EqualTo(new[] { 121, 481, 640, 640, 640, 640, 640, 640, 640, 640 }).Within(1));
    }

    [TestCase(8, true)]
    [TestCase(9, false)]
    public void Flight_AFifthRefused_IsTheLeastThatIsALimit(int accepted, bool isKept)
    {
        Land(accepted, refused: 2);

        Accept(sentAt: _now);

        Assert.That(_limit.IsFound, Is.EqualTo(isKept));
    }

    [Test]
    public void OnRefused_NobodyElseOnTheWay_IsNoSign()
    {
        Refuse(sentAt: _now, inFlight: 0);

        Assert.That(_limit.IsSuspected, Is.False);
    }

    /// <summary>One of two is too little to tell, and no mistake: the next flight may tell.</summary>
    [Test]
    public void Flight_OneRefusedAndOneTaken_ShowsNothing()
    {
        _limit.OnRefused(99, inFlight: 2, isNamed: false, now: 100);
        Assert.That(_limit.WaitFor(100.25), Is.EqualTo(0.75).Within(1e-9), "until it has landed");

        _limit.OnAccepted(99, inFlight: 1, now: 100.5);

        Assert.That((_limit.IsSuspected, _limit.IsFound, _limit.WaitFor(100.5)), Is.EqualTo((false, false, 0.0)));
        _limit.OnRefused(99, inFlight: 2, isNamed: false, now: 100.5);
        Assert.That(_limit.IsSuspected);
    }

    [TestCase(0, 100.5, Description = "all have landed")]
    [TestCase(5, 101, Description = "it has had its time")]
    public void Flight_NothingTaken_IsNotSuspectedAgainForTenSeconds(int inFlight, double now)
    {
        _limit.OnRefused(99, inFlight: 6, isNamed: false, now: 100);

        _limit.OnRefused(99, inFlight, isNamed: false, now);

        Assert.That(_limit.IsSuspected, Is.False);
        _limit.OnRefused(99, inFlight: 6, isNamed: false, now + 9.9);
        Assert.That(_limit.IsSuspected, Is.False);
        _limit.OnRefused(99, inFlight: 6, isNamed: false, now + 10);
        Assert.That(_limit.IsSuspected);
    }

    [TestCase(9.9, 17)]
    [TestCase(10, 16)]
    public void OnAccepted_LateOfTheFirstFlight_WasTakenToo(double later, double limit)
    {
        Land(accepted: 16, refused: 48);

        _limit.OnAccepted(sentAt: 100, inFlight: 0, 100 + RoundTrip + later);

        Assert.That(_limit.Limit, Is.EqualTo(limit));
    }

    [Test]
    public void Limit_Acceptances_MoveItUpOnlyWhenItIsUsed()
    {
        Land(accepted: 16, refused: 48);

        Accept(sentAt: _now, inFlight: 14);
        Assert.That(_limit.Limit, Is.EqualTo(16));
        Accept(sentAt: _now, inFlight: 15);
        Assert.That(_limit.Limit, Is.EqualTo(16.012).Within(1e-9));
        Refuse(sentAt: _now, inFlight: 15);
        Assert.That(_limit.Limit, Is.EqualTo(16.012 - 0.288).Within(1e-9));
    }

    /// <summary>After 50 without a refusal the steps grow; who does not use the limit learns nothing.</summary>
    [TestCase(40, 16 + (0.012 * (50 + 75.5)))]
    [TestCase(3, 16)]
    public void Limit_ManyAcceptances_GrowsFaster(int inFlight, double limit)
    {
        Land(accepted: 16, refused: 48);
        Accept(sentAt: _now, inFlight: 0);

        for (var i = 0; i < 100; i++)
        {
            Accept(sentAt: _now, inFlight);
        }

        Assert.That(_limit.Limit, Is.EqualTo(limit).Within(1e-9));
        Refuse(sentAt: _now, inFlight: 17);
        Accept(sentAt: _now, inFlight: 17);
        Assert.That(_limit.Limit, Is.EqualTo(limit - 0.288 + 0.012).Within(1e-9), "the steps are small again");
    }

    [TestCase(1, 20, true, Description = "one is a coincidence")]
    [TestCase(2, 20, false)]
    [TestCase(2, 48, true, Description = "one in 25")]
    [TestCase(2, 47, false, Description = "and one less")]
    public void Alone_FewRefused_AreNoCoincidenceFromTheSecondOn(int refused, int accepted, bool isKept)
    {
        Land(accepted: 1, refused: 4);
        Accept(sentAt: _now, inFlight: 5);
        var aloneSince = _now;

        Accept(sentAt: aloneSince - 0.01); // Not alone, when it was sent.
        for (var i = 0; i < accepted; i++)
        {
            Accept(sentAt: aloneSince, inFlight: -1);
        }

        Refuse(sentAt: aloneSince - 0.01);
        for (var i = 0; i < refused; i++)
        {
            Refuse(sentAt: aloneSince);
        }

        Assert.That(_limit.IsFound, Is.EqualTo(isKept));
    }

    /// <summary>Two at a time are hardly ever too many for a limit that was found at more.</summary>
    [TestCase(1, 20, true, Description = "one is a coincidence")]
    [TestCase(2, 20, false)]
    [TestCase(2, 48, true, Description = "one in 25")]
    [TestCase(2, 47, false, Description = "and one less")]
    [TestCase(2, 6, true, Description = "a quarter: perhaps there is room for one")]
    [TestCase(2, 7, false, Description = "and one less")]
    public void TwoAtATime_FewRefused_AreNoCoincidenceFromTheSecondOn(int refused, int accepted, bool isKept)
    {
        Land(accepted: 3, refused: 4);
        Refuse(sentAt: _now, inFlight: 3);
        Assert.That(_limit.Limit, Is.EqualTo(3 - 0.288).Within(1e-9));
        var fewSince = _now;

        Refuse(sentAt: fewSince - 0.01, inFlight: 2); // Not few, when it was sent.
        for (var i = 0; i < accepted; i++)
        {
            Accept(sentAt: fewSince, inFlight: -1);
        }

        for (var i = 0; i < refused; i++)
        {
            Refuse(sentAt: fewSince, inFlight: 1);
        }

        Assert.That(_limit.IsFound, Is.EqualTo(isKept));
    }

    /// <summary>Where one is served at a time, two are too many, and the limit falls below two.</summary>
    [TestCase(0.25)]
    [TestCase(0.3)]
    [TestCase(0.6)]
    public void TwoAtATime_SoManyRefusedOfThem_AreTooMany(double share)
    {
        Land(accepted: 3, refused: 4);
        Refuse(sentAt: _now, inFlight: 3);
        var sentAt = _now;
        for (var (accepted, refused) = (0, 1); _limit.Limit >= 2; refused++)
        {
            for (; refused > share * (accepted + refused); accepted++)
            {
                Accept(sentAt, inFlight: -1);
            }

            Refuse(sentAt, inFlight: 1);
            Assert.That(_limit.IsFound);
        }

        // Of two, when they were sent.
        Refuse(sentAt, inFlight: 0);
        Refuse(sentAt, inFlight: 0);
        Assert.That(_limit.IsFound);
    }

    /// <summary>
    /// Where one is served at a time, one in 25 is refused to learn, always of two, and that is never taken for chance.
    /// </summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Limit_OneSlot_IsKept(int first)
    {
        Land(first, refused: 4);
        for (var i = 0; i < 4000; i++)
        {
            var (sentAt, isAlone) = (_now, _limit.Limit < 2);
            if (!isAlone)
            {
                Refuse(sentAt, inFlight: 1);
            }

            Accept(sentAt);
            Assert.That(_limit.IsFound, $"given up after {i} requests");
        }

        Assert.That(_limit.Limit, Is.EqualTo(1.9).Within(0.3));
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

    /// <summary>One is enough, and however few they are, when the upstream says what they are.</summary>
    [TestCase(1)]
    [TestCase(4)]
    public void Flight_FewRefusedThatSpeakOfConcurrency_IsALimit(int refused)
    {
        Land(accepted: 40, refused, isNamed: true);

        Accept(sentAt: _now, inFlight: 39);

        Assert.That(_limit.Limit, Is.EqualTo(40).Within(0.1));
    }

    [Test]
    public void Flight_OneOfSeveralRefusalsSpeaksOfConcurrency_IsALimit()
    {
        _limit.OnRefused(99, inFlight: 21, isNamed: false, now: 100);
        _limit.OnRefused(99, inFlight: 20, isNamed: true, now: 100);

        _limit.OnAccepted(99, inFlight: 19, now: 100);

        Assert.That(_limit.IsFound);
    }

    /// <summary>The words of the flight before are not those of this one.</summary>
    [Test]
    public void Flight_AfterOneThatSpokeOfConcurrency_HasToShowItself()
    {
        Land(accepted: 40, refused: 2, isNamed: true);
        _limit.Forget();

        Land(accepted: 40, refused: 2);
        Accept(sentAt: _now, inFlight: 39);

        Assert.That(_limit.IsFound, Is.False);
    }

    /// <summary>What calls a rate a limit on concurrency refuses requests that are alone.</summary>
    [Test]
    public void OnRefused_AloneTwiceWhateverIsSaid_IsGivenUp()
    {
        Land(accepted: 1, refused: 4, isNamed: true);
        Refuse(sentAt: _now, isNamed: true);
        Assert.That(_limit.Limit, Is.EqualTo(1), "from now on they are alone");

        Refuse(sentAt: _now, isNamed: true);
        Refuse(sentAt: _now, isNamed: true);

        Assert.That(_limit.IsFound, Is.False);
        Assert.That(_limit.MayBe(inFlight: 5, _now + 119), Is.False);
        Assert.That(_limit.MayBe(inFlight: 5, _now + 121));
    }

    /// <summary>An answer that comes a second later may be of a request that was sent afterwards, and alone.</summary>
    [TestCase(0.9, true)]
    [TestCase(1.1, false)]
    public void Flight_NamedAndTakenLate_IsNoLimit(double later, bool expected)
    {
        _limit.OnRefused(99, inFlight: 2, isNamed: true, now: 100);

        _limit.OnAccepted(99, inFlight: 1, now: 100 + later);

        Assert.That((_limit.IsFound, _limit.IsSuspected), Is.EqualTo((expected, false)));
    }

    [Test]
    public void MayBe_NobodyElseOnTheWay_OnlyWhenKnown()
    {
        Assert.That(_limit.MayBe(inFlight: 0, _now), Is.False);
        Refuse(sentAt: _now, inFlight: 3, isNamed: true);
        Assert.That(_limit.MayBe(inFlight: 0, _now), "suspected");

        Accept(sentAt: _now, inFlight: 2);
        Assert.That(_limit.MayBe(inFlight: 0, _now), "found");
    }

    /// <summary>Has a flight land, refusals first, as they come back sooner.</summary>
    private void Land(int accepted, int refused, bool isNamed = false)
    {
        var sentAt = _now;
        var inFlight = accepted + refused;
        _now += RoundTrip;
        var early = Math.Min(refused, 2);
        for (var i = 0; i < early; i++)
        {
            _limit.OnRefused(sentAt, --inFlight, isNamed, _now);
        }

        for (var i = 0; i < accepted; i++)
        {
            _limit.OnAccepted(sentAt, --inFlight, _now);
        }

        for (var i = early; i < refused; i++)
        {
            _limit.OnRefused(sentAt, --inFlight, isNamed, _now);
        }
    }

    private void Accept(double sentAt, int inFlight = 0)
    {
        _now += RoundTrip;
        _limit.OnAccepted(sentAt, inFlight, _now);
    }

    private void Refuse(double sentAt, int inFlight = 0, bool isNamed = false)
    {
        _now += RoundTrip;
        _limit.OnRefused(sentAt, inFlight, isNamed, _now);
    }
}
