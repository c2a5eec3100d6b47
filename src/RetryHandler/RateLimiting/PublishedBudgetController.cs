namespace RetryHandler.RateLimiting;

/// <summary>
/// Keeps to a budget that the upstream publishes, as long as that would run out and proves true; otherwise another
/// controller finds the limit by itself.
/// </summary>
/// <remarks>
/// While a budget is followed, the other controller is told what it would be told if the limiter were dormant, so that
/// it knows the accepted rate. It takes over at that rate when the budget is dropped: when answers no longer carry it,
/// when it is of something else, or when an attempt is refused although something remained. A budget that was dropped
/// is looked at again after a minute, and each time after twice as long.
/// </remarks>
internal sealed class PublishedBudgetController(ISendRateController other) : ISendRateController
{
    /// <summary>How many answers in a row may come without a reading.</summary>
    private const int MostWithout = 10;

    /// <summary>The share of refusals that others who spend from the same budget may cause.</summary>
    private const double MostRefused = 0.05;

    /// <summary>Over how many answers, about, that share is taken.</summary>
    private const double Memory = 200;

    /// <summary>How many refusals are no share yet.</summary>
    private const double FewRefused = 5;

    private const double FirstDistrust = 60;
    private const double LongestDistrust = 3600;

    private readonly PublishedBudget _budget = new();
    private bool _isFollowed;
    private bool _isOverloaded;
    private double _followedAt;
    private double _distrustedUntil;
    private double _distrust = FirstDistrust;
    private int _without;
    private double _answers;
    private double _busyTime;
    private double _refused;

    public LimitKind Kind => _isFollowed && !_isOverloaded ? LimitKind.PublishedBudget : other.Kind;

    public (int Count, double Length) Window => other.Window;

    public double MostWhileDormant =>
        _budget.IsKnown ? Math.Max(1, _budget.Remaining / 2) : double.PositiveInfinity;

    public double WaitFor(double now) => Math.Max(
        _isFollowed ? _budget.WaitFor(now) : 0,
        _isFollowed && !_isOverloaded ? 0 : other.WaitFor(now));

    public void OnSend()
    {
        _budget.OnSend();
        other.OnSend();
    }

    public void OnReturn()
    {
        _budget.OnReturn();
        other.OnReturn();
    }

    public void OnLost()
    {
        _budget.OnLost();
        other.OnLost();
    }

    public void OnOverdue(double now) => other.OnOverdue(now);

    public SendLimits Begin(double rate, double now) => other.Begin(rate, now);

    public bool NeedsEachAttempt(bool isLimiting) => _budget.IsKnown || other.NeedsEachAttempt(isLimiting);

    public void OnAccepted(in CountedAcceptances accepted, double now) => other.OnAccepted(accepted, now);

    public SendLimits OnCrowd(int inFlight, double now)
    {
        _budget.Count(inFlight);
        Follow(now);
        return _budget.LimitsAt(now);
    }

    public SendLimits OnResponse(in SendReport report)
    {
        var wasFollowed = _isFollowed && report.FillRate is not null;
        _isFollowed = wasFollowed;
        _budget.OnAnswer();
        if (_budget.IsKnown || report.Budget is not null)
        {
            Learn(report);
        }

        _busyTime = report.BusyTime;
        if (!_isFollowed)
        {
            // When the limiter goes on without the budget, the other controller must wake up, as it does at a refusal.
            // A report is large: not copied where it stays what it is (10 ns).
            return wasFollowed
                ? other.OnResponse(AsIfDormant(report, SendFeedback.Throttled))
                : other.OnResponse(report);
        }

        var feedback = report.Feedback == SendFeedback.Throttled ? SendFeedback.Failed : report.Feedback;
        var limits = other.OnResponse(_isOverloaded ? report : AsIfDormant(report, feedback));
        _isOverloaded = limits.IsWanted;
        if (report.IsCrowded && !_isOverloaded && !IsUsedUp(report))
        {
            // The other one takes it for the refusal of a rate, although something is left.
            Distrust(report.Now);
            return limits;
        }

        return _isOverloaded ? limits : _budget.LimitsAt(report.Now);
    }

    private static bool IsUsedUp(in SendReport report) => report.Budget is { Remaining: < 1 };

    private static SendReport AsIfDormant(in SendReport report, SendFeedback feedback) =>
        report with { Feedback = feedback, FillRate = null, SentAt = double.NegativeInfinity };

    private void Learn(in SendReport report)
    {
        if (report.Now < _distrustedUntil
            || report.Feedback is SendFeedback.Failed or SendFeedback.Unavailable
            || (report.IsCrowded && !IsUsedUp(report)))
        {
            return;
        }

        if (report.Budget is { } reading)
        {
            _without = 0;
            Learn(report, report.IsThrottled ? OfRefusal(reading, report.ServerDelay) : reading);
        }
        else if (report.IsThrottled)
        {
            // What was sent before the budget was known is no reason to doubt it.
            if (_isFollowed && report.SentAt >= _followedAt)
            {
                Distrust(report.Now);
            }
        }
        else if (_budget.IsKnown && ++_without >= MostWithout)
        {
            Drop(report.Now);
        }
    }

    private void Learn(in SendReport report, in BudgetReading reading)
    {
        if (report.IsThrottled && reading.Remaining >= 1)
        {
            Distrust(report.Now);
            return;
        }

        if (_budget.IsKnown && reading.IsUsable && !_budget.Has(reading))
        {
            // Of another part of the API: neither says how much is left for both.
            Distrust(report.Now);
        }
        else if (!reading.IsUsable)
        {
            Drop(report.Now);
        }

        if (!reading.IsUsable || report.Now < _distrustedUntil)
        {
            return;
        }

        _budget.Take(reading, report.SentAt, report.InFlight, report.BusyTime > _busyTime, report.Now);
        if (_isFollowed)
        {
            Check(report);
        }
        else if (_budget.WouldRunOut(report.Now))
        {
            Follow(report.Now);
        }
    }

    /// <summary>
    /// Takes the delay of a refusal for the reset: it wins over the budget's own. Without one, a reset of "now" that
    /// was rounded down would be asked for again and again.
    /// </summary>
    private static BudgetReading OfRefusal(in BudgetReading reading, double serverDelay) => reading with
    {
        ResetIn = serverDelay > 0 ? serverDelay : reading.ResetIn > 0 ? reading.ResetIn : 1,
    };

    /// <summary>Finds whether a budget that is followed is true.</summary>
    private void Check(in SendReport report)
    {
        if (report.SentAt >= _followedAt)
        {
            var memory = _answers < Memory ? 1 : 0.5;
            _answers = (memory * _answers) + 1;
            _refused = (memory * _refused) + (report.IsThrottled ? 1 : 0);
        }

        if (_budget.IsStuck(report.Now) || _refused > Math.Max(FewRefused, MostRefused * _answers))
        {
            Distrust(report.Now);
        }
    }

    private void Follow(double now) =>
        (_isFollowed, _isOverloaded, _followedAt, _answers, _refused) = (true, false, now, 0, 0);

    /// <summary>Drops the budget; one that was followed is not trusted for a while.</summary>
    private void Drop(double now)
    {
        if (_isFollowed)
        {
            Distrust(now);
        }
        else
        {
            _budget.Forget();
        }
    }

    private void Distrust(double now)
    {
        _budget.Forget();
        _isFollowed = false;
        _distrustedUntil = now + _distrust;
        _distrust = Math.Min(LongestDistrust, 2 * _distrust);
    }
}
