namespace RetryHandler.RateLimiting;

/// <summary>
/// Keeps count of a budget that the upstream publishes, and says how fast to spend it so that it lasts until there is
/// more. Pure; times are seconds.
/// </summary>
/// <remarks>
/// <para>
/// Two bounds. <b>Credit</b>: what remains, less what is on its way and not counted yet, is all that may be sent before
/// the next answer; so an honest upstream with one client never refuses. <b>Pace</b>: <see cref="BudgetPace"/>.
/// </para>
/// <para>
/// Answers overtake each other. The lowest that was reported counts, until an answer to an attempt that was sent after
/// it came in: that is news, and may report more than there was. So what is renewed at once (a window) and what is
/// renewed bit by bit (a bucket, of which APIs report the time until it is full) are counted alike.
/// </para>
/// </remarks>
internal sealed class PublishedBudget
{
    /// <summary>
    /// How far apart two reports of the same instant may be, in seconds: delays are rounded up, dates are cut.
    /// </summary>
    private const double Rounding = 1.5;

    /// <summary>The share of the credit that may be spent at once, and not at the pace.</summary>
    private const double Burst = 0.1;

    /// <summary>
    /// The longest reset, in seconds, of which whole seconds say nothing: a bucket of a tenth of a second reports 1.
    /// </summary>
    private const double ShortPeriod = 1;

    /// <summary>How many answers show whether they are counted.</summary>
    private const int Sample = 20;

    /// <summary>Over how many seconds these must come: a budget renewed bit by bit moves its reset meanwhile.</summary>
    private const double SampleTime = 3;

    /// <summary>The most that is paced ahead of a reset which proved to be named too late, as a part of it.</summary>
    private const double MostAhead = 0.05;

    /// <summary>How much too late a reset is named at most, in seconds: instants are cut, and so are clocks.</summary>
    private const double Latest = 2;

    private BudgetReading _last;
    private BudgetPace _pace;
    private double _takenAt = double.PositiveInfinity;
    private double _resetAt;
    private double _first;
    private double _firstAt;
    private int _answers;
    private bool _wasWindow;
    private double _most;
    private double _period;
    private double _late;
    private double _roundTrip;
    private double _credit;
    private bool _isProbing;

    /// <summary>Gets whether the upstream has published anything.</summary>
    public bool IsKnown => !double.IsPositiveInfinity(_takenAt);

    /// <summary>Gets how many requests are left, by the lowest of the reports.</summary>
    public double Remaining { get; private set; }

    private double Spent => _first - Remaining;

    /// <summary>Gets whether what is spent is gone until the reset, as far as enough answers show.</summary>
    private bool IsWindow => _answers >= 5 ? Spent + 1 >= 0.9 * _answers : _wasWindow;

    private bool IsShort => _period <= ShortPeriod;

    public void Forget() =>
        (_takenAt, _most, _period, _late, _answers, _wasWindow) = (double.PositiveInfinity, 0, 0, 0, 0, false);

    /// <summary>Finds whether a reading is of this budget.</summary>
    public bool Has(in BudgetReading reading) => IsKnown && _last.IsOfSameBudget(reading);

    /// <summary>Takes in what an answer says.</summary>
    /// <param name="reading">A usable reading of this budget, or the first one.</param>
    /// <param name="sentAt">When the attempt was sent; minus infinity when that is not known.</param>
    /// <param name="inFlight">How many attempts are on their way.</param>
    /// <param name="isBusy">Whether callers waited since the answer before.</param>
    /// <param name="now">The time.</param>
    public void Take(in BudgetReading reading, double sentAt, int inFlight, bool isBusy, double now)
    {
        if (reading.Remaining >= 1)
        {
            // The delay of a refusal may be any.
            _period = Math.Max(_period, reading.Window ?? reading.ResetIn);
        }

        _most = Math.Max(_most, reading.Window is null ? reading.Limit ?? reading.Remaining : reading.Remaining);
        if (!IsKnown)
        {
            _pace = new BudgetPace();
            Begin(reading, now + reading.ResetIn, now);
        }
        else
        {
            var before = Remaining;
            Move(reading, sentAt, now);
            _pace.Count(before - Remaining, isBusy);
        }

        _answers++;
        Count(inFlight);
    }

    /// <summary>Counts what is on its way.</summary>
    public void Count(int inFlight) => _credit = Remaining - inFlight;

    /// <summary>Notes an answer, whatever it says: another attempt may probe.</summary>
    public void OnAnswer() => _isProbing = false;

    public void OnSend()
    {
        _isProbing = _credit < 1;
        _credit--;
    }

    public void OnReturn()
    {
        _isProbing = false;
        _credit++;
    }

    /// <summary>Notes that no answer comes: the upstream may have counted the attempt all the same.</summary>
    public void OnLost() => _isProbing = false;

    /// <summary>Finds whether the budget would be used up before its reset, if things went on as they do.</summary>
    /// <remarks>What is spent in less than a tenth of the time is no pace, but a burst.</remarks>
    public bool WouldRunOut(double now)
    {
        if (_credit < 1)
        {
            return true;
        }

        var left = _resetAt - now;
        return IsShort
            ? _credit < _most / 4
            : Spent * left > _credit * Math.Max(now - _firstAt, Burst * left);
    }

    /// <summary>Finds whether many answers have left the budget as it was: it does not count them.</summary>
    public bool IsStuck(double now) =>
        _answers >= Sample && now - _firstAt >= SampleTime && Spent < _answers / 4;

    /// <summary>Computes the seconds until one more attempt may go; infinite until an answer comes.</summary>
    public double WaitFor(double now)
    {
        if (_credit >= 1)
        {
            return 0;
        }

        var wait = Waits.OrNone(Math.Min(_resetAt, _takenAt + SendGate.LongestClosure) - now);
        return wait == 0 && _isProbing ? double.PositiveInfinity : wait;
    }

    /// <summary>Computes the limits that keep to the budget.</summary>
    public SendLimits LimitsAt(double now)
    {
        // Never nothing: when the reset comes, a token must be there.
        var credit = Math.Max(1, _credit);
        var left = Waits.OrNone(_resetAt - now);
        var ahead = Math.Min(_late, MostAhead * _period);
        var pace = IsShort && !IsWindow ? _pace.ByLevel(credit) : _pace.ByTime(credit, left - ahead - _roundTrip);
        return new SendLimits(Math.Min(pace, _last.Limit / _last.Window ?? double.PositiveInfinity))
        {
            Capacity = Math.Max(1, Burst * credit),
            CloseFor = Remaining < 1 ? left : 0,
            IsPublished = true,
        };
    }

    private void Move(in BudgetReading reading, double sentAt, double now)
    {
        var resetAt = now + reading.ResetIn;
        var isNews = sentAt >= _takenAt;
        _roundTrip = isNews ? now - sentAt : _roundTrip;
        if (now >= _resetAt)
        {
            // An attempt that was sent before the reset may report what was before it.
            if (sentAt >= _resetAt || double.IsNegativeInfinity(sentAt))
            {
                Begin(reading, OnGrid(reading, resetAt), now);
            }
        }
        else if (resetAt > _resetAt + Rounding)
        {
            if (reading.Remaining > Remaining)
            {
                // What is kept for the time until a reset that has been already is lost: paced to the next one's true
                // time, it is spent. It is waited for until the time that was named.
                _late = Math.Min(_resetAt - now, Latest);
            }

            Begin(reading, OnGrid(reading, resetAt), now);
        }
        else if (isNews && (reading.Remaining > Remaining || resetAt < _resetAt - Rounding))
        {
            Begin(reading, resetAt, now);
        }
        else if (resetAt >= _resetAt - Rounding)
        {
            _takenAt = isNews || reading.Remaining < Remaining ? now : _takenAt;
            Remaining = Math.Min(Remaining, reading.Remaining);
            _resetAt = Math.Min(_resetAt, resetAt);
        }

        if (isNews && IsShort)
        {
            _pace.Adapt(Remaining / _most, _roundTrip);
        }
    }

    private void Begin(in BudgetReading reading, double resetAt, double now)
    {
        _wasWindow = IsWindow;
        (_last, Remaining, _takenAt, _resetAt) = (reading, reading.Remaining, now, resetAt);
        (_first, _firstAt, _answers) = (reading.Remaining, now, 0);
    }

    /// <summary>
    /// Finds the true instant of a reset that is reported in whole seconds: windows follow each other without a gap, so
    /// the earliest report of one end tells the others. Without it, each window would seem to end a round trip later.
    /// </summary>
    private double OnGrid(in BudgetReading reading, double resetAt)
    {
        if (reading.ResetIn != Math.Floor(reading.ResetIn) || _period == 0)
        {
            return resetAt;
        }

        var windows = Math.Floor((resetAt - _resetAt) / _period);
        var end = _resetAt + (windows * _period);
        return windows >= 1 && resetAt - end < 1 ? end : resetAt;
    }
}
