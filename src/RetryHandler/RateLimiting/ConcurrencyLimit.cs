namespace RetryHandler.RateLimiting;

/// <summary>
/// Recognises an upstream that serves so many requests at the same time and answers the others with a bare 503, and
/// finds how many. Pure; times are seconds.
/// </summary>
/// <remarks>
/// A flight of which part is taken and part refused is the sign; a flight that fails whole is an outage, and no limit.
/// Until the flight has landed nothing more is sent, for a second at most. What was taken of it is the first guess.
/// Then the limit moves a little at each answer, up when it is used and the answer is an acceptance, down at a refusal,
/// in such a proportion that one refusal in 25 keeps it where it is (stochastic approximation, Robbins and Monro 1951).
/// Random failures do not become fewer with the limit: when they stay at a quarter of it, it is given up.
/// </remarks>
internal struct ConcurrencyLimit
{
    /// <summary>The share of refusals that the limit settles at.</summary>
    private const double TargetShare = 0.04;

    /// <summary>How far one answer moves the limit.</summary>
    private const double Step = 0.3;

    /// <summary>The least share of a flight whose refusal is a limit, and not chance.</summary>
    private const double LeastShare = 0.2;

    /// <summary>How long a flight may take to land, in seconds.</summary>
    private const double Patience = 1;

    /// <summary>How long nothing is suspected after an outage or a wrong guess, in seconds.</summary>
    private const double Indifference = 10;

    private double _notBefore;
    private double _suspectedUntil;
    private double _foundAt;
    private double _first;
    private double _share;
    private int _accepted;
    private int _refused;

    /// <summary>Gets whether a flight is being watched.</summary>
    public readonly bool IsSuspected => _suspectedUntil > 0;

    /// <summary>Gets whether the limit is known.</summary>
    public readonly bool IsFound => Limit > 0;

    /// <summary>Gets how many requests may be on their way at the same time; 0 while that is not known.</summary>
    public double Limit { get; private set; }

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
            _first = ++Limit;
        }
        else if (IsFound)
        {
            _share -= _share / 30;
            Limit += inFlight + 1 >= Math.Floor(Limit) ? Step * TargetShare : 0;
        }
    }

    /// <summary>Learns from a refusal.</summary>
    public void OnRefused(double sentAt, int inFlight, double now)
    {
        if (IsFound)
        {
            if (sentAt >= _foundAt)
            {
                _share += (1 - _share) / 30;
                Limit = Math.Max(1, Limit - (Step * (1 - TargetShare)));
                if (Limit < Math.Max(1.5, _first / 4) && _share > 2 * LeastShare)
                {
                    Forget(now + (6 * Indifference));
                }
            }
        }
        else if (IsSuspected)
        {
            _refused++;
            Judge(inFlight, now);
        }
        else if (now >= _notBefore && inFlight > 0)
        {
            (_suspectedUntil, _accepted, _refused) = (now + Patience, 0, 1);
        }
    }

    private void Judge(int inFlight, double now)
    {
        if (_accepted > 0 && _refused >= 2 && _refused >= LeastShare * (_accepted + _refused))
        {
            (Limit, _first, _foundAt, _suspectedUntil, _share) = (_accepted, _accepted, now, 0, 0);
        }
        else if (_accepted > 0 || inFlight == 0 || now >= _suspectedUntil)
        {
            Forget(now + (_accepted > 0 ? 0 : Indifference));
        }
    }

    private void Forget(double notBefore) => (Limit, _suspectedUntil, _notBefore) = (0, 0, notBefore);
}
