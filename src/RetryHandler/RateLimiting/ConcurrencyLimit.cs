namespace RetryHandler.RateLimiting;

/// <summary>
/// Recognises an upstream that serves so many requests at the same time and answers the others with a bare 503, or says
/// what they are, and finds how many. Pure; times are seconds.
/// </summary>
/// <remarks>
/// A flight of which part is taken and part refused is the sign; a flight that fails whole is an outage, and no limit.
/// Until the flight has landed nothing more is sent, for a second at most. What was taken of it is the first guess.
/// Then the limit moves a little at each answer, up when it is used and the answer is an acceptance, down at a refusal,
/// in such a proportion that one refusal in 25 keeps it where it is (stochastic approximation, Robbins and Monro 1951).
/// Random failures are something else, and show it twice: they are few in a large flight, and they hit requests that
/// are alone, or two, as rarely as many. Then the limit is given up, and none is suspected for a time that doubles with
/// each such mistake.
/// </remarks>
internal struct ConcurrencyLimit
{
    /// <summary>The share of refusals that the limit settles at.</summary>
    private const double TargetShare = 0.04;

    /// <summary>How far one answer moves the limit.</summary>
    private const double Step = 0.3;

    /// <summary>
    /// After as many acceptances without a refusal, twice as many as there should be, the limit is far too low, and its
    /// steps grow.
    /// </summary>
    private const double Calm = 50;

    /// <summary>The least share of a flight whose refusal is a limit, and not chance.</summary>
    private const double LeastShare = 0.2;

    /// <summary>How long a flight may take to land, in seconds.</summary>
    private const double Patience = 1;

    /// <summary>After how many seconds nothing is of the first flight any more.</summary>
    private const double LongestFlight = 10;

    /// <summary>Below this limit two requests at most are on their way, below 2 one is alone.</summary>
    private const byte Few = 3;

    /// <summary>How many refusals of so few requests are no coincidence.</summary>
    private const int LeastOfFew = 2;

    /// <summary>
    /// The share of refusals from which on two may be too many after all: where one is served at a time, every third of
    /// them is refused and more, unless it is served sooner than it travels.
    /// </summary>
    private const double ShareOfTwo = 0.25;

    /// <summary>
    /// For how many seconds none is suspected after the first mistake. What fails at random goes on failing, and each
    /// mistake costs seconds in which hardly anything is sent.
    /// </summary>
    private const double FirstIndifference = 120;

    private Indifference _indifference;
    private double _suspectedUntil;
    private double _foundAt;
    private double _fewSince;
    private int _accepted;
    private int _refused;
    private bool _isLanding;
    private byte _level; // Here it takes no room: an idle client is to be small.
    private int _spared;

    /// <summary>Gets whether a flight is being watched.</summary>
    public readonly bool IsSuspected => _suspectedUntil > 0;

    /// <summary>Gets whether the limit is known.</summary>
    public readonly bool IsFound => Limit > 0;

    /// <summary>Gets whether the upstream said what sort of limit it is.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Gets how many requests may be on their way at the same time; 0 while that is not known.</summary>
    public double Limit { get; private set; }

    private readonly bool IsLargeShare => _refused >= LeastShare * (_accepted + _refused);

    private readonly bool AreFewRefusedAtRandom => _refused >= LeastOfFew
        && _refused > TargetShare * (_accepted + _refused)
        && (Limit < 2 || _refused < ShareOfTwo * (_accepted + _refused));

    /// <summary>Computes the seconds until the flight has landed, or has had its time.</summary>
    public readonly double WaitFor(double now) => Waits.OrNone(_suspectedUntil - now);

    /// <summary>Learns from an acceptance.</summary>
    /// <param name="sentAt">When the attempt was sent; minus infinity while the limiter was dormant.</param>
    /// <param name="inFlight">How many attempts are on their way.</param>
    /// <param name="now">The time.</param>
    public void OnAccepted(double sentAt, int inFlight, double now)
    {
        if (IsSuspected)
        {
            _accepted++;
            Judge(inFlight, now);
        }
        else if (IsFound && sentAt < _foundAt)
        {
            // Of the first flight: the limit is what was taken of it.
            _accepted += _isLanding ? 1 : 0;
            MoveTo(Limit + (now < _foundAt + LongestFlight ? 1 : 0), now);
        }
        else if (IsFound && !WasChance(now))
        {
            _accepted += sentAt >= _fewSince ? 1 : 0;
            var isUsed = inFlight + 1 >= Math.Floor(Limit);
            _spared += isUsed ? 1 : 0;
            MoveTo(Limit + (isUsed ? Step * TargetShare * Math.Max(1, _spared / Calm) : 0), now);
        }
    }

    /// <summary>Gets whether a refusal can be that of a limit on concurrency.</summary>
    public readonly bool MayBe(int inFlight, double now) =>
        IsFound || IsSuspected || (inFlight > 0 && _indifference.IsOver(now));

    /// <summary>Learns from a refusal.</summary>
    /// <param name="sentAt">When the attempt was sent; minus infinity while the limiter was dormant.</param>
    /// <param name="inFlight">How many attempts are on their way.</param>
    /// <param name="isNamed">Whether the upstream says that they are too many.</param>
    /// <param name="now">The time.</param>
    public void OnRefused(double sentAt, int inFlight, bool isNamed, double now)
    {
        if (IsSuspected)
        {
            _refused++;
            IsNamed |= isNamed;
            Judge(inFlight, now);
        }
        else if (IsFound && sentAt < _foundAt)
        {
            _refused += _isLanding ? 1 : 0;
        }
        else if (IsFound && !WasChance(now))
        {
            var countsAsFew = sentAt >= _fewSince;
            _refused += countsAsFew ? 1 : 0;
            if (countsAsFew && AreFewRefusedAtRandom)
            {
                GiveUp(now);
                return;
            }

            _spared = 0;
            MoveTo(Math.Max(1, Limit - (Step * (1 - TargetShare))), now);
        }
        else if (!IsFound && MayBe(inFlight, now))
        {
            (_suspectedUntil, _accepted, _refused, IsNamed) = (now + Patience, 0, 1, isNamed);
        }
    }

    /// <summary>Gives a known limit up, because there is another one: two at a time are too many.</summary>
    public void OnOtherLimit(double now)
    {
        if (IsFound)
        {
            GiveUp(now);
        }
    }

    /// <summary>Forgets the limit, which was no mistake.</summary>
    public void Forget() => (Limit, _suspectedUntil) = (0, 0);

    private void Judge(int inFlight, double now)
    {
        // Named by a single refusal, so that only those count whom it met: later ones may be others.
        if (_accepted > 0 && (IsNamed ? now < _suspectedUntil : _refused >= 2 && IsLargeShare))
        {
            (Limit, _foundAt, _suspectedUntil, _isLanding) = (_accepted, now, 0, true);
            (_level, _fewSince, _spared) = (Few, double.PositiveInfinity, 0);
        }
        else if (_accepted > 0 || inFlight == 0 || now >= _suspectedUntil)
        {
            if (_accepted == 0)
            {
                _indifference.OnNothingToTell(now);
            }

            Forget();
        }
    }

    /// <summary>Looks at the first flight once it has landed: whether enough of it was refused after all.</summary>
    private bool WasChance(double now)
    {
        if (!_isLanding)
        {
            return false;
        }

        _isLanding = false;
        if (!IsNamed && !IsLargeShare)
        {
            GiveUp(now);
            return true;
        }

        // From here on they count what was sent while few were on their way.
        (_accepted, _refused) = (0, 0);
        return false;
    }

    private void MoveTo(double limit, double now)
    {
        Limit = limit;
        if (_isLanding)
        {
            return;
        }

        // Answers count while as few are under way: those of three say nothing about two, nor those of two about one.
        var level = (byte)Math.Min(Few, limit);
        if (level != _level)
        {
            (_level, _fewSince, _accepted, _refused) = (level, level < Few ? now : double.PositiveInfinity, 0, 0);
        }
    }

    private void GiveUp(double now)
    {
        _indifference.OnMistake(_foundAt, now, FirstIndifference);
        Forget();
    }
}
