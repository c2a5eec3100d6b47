namespace RetryHandler.RateLimiting;

/// <summary>
/// Finds out which sort of limit the upstream has, and keeps to it: a rate, a rate shared with others, a window, or so
/// many requests at the same time.
/// </summary>
/// <remarks>
/// <para>One law does not fit every limit, so the controller recognises the limit by its refusals:</para>
/// <list type="bullet">
/// <item>Refusals among acceptances are those of a rate: <see cref="RateTracker"/>.</item>
/// <item>Nothing but refusals, when the rate has just been lowered, is a closed door. The gate stays shut for as long
/// as the server says, or for pauses that double from two round trips to ten seconds, and one probe looks
/// afterwards.</item>
/// <item>A door that was closed for long, or until an instant that the server named, is the end of a window:
/// <see cref="WindowLedger"/>.</item>
/// <item>Bare 503s beside acceptances are those of a limit on concurrency: <see cref="ConcurrencyLimit"/>.</item>
/// </list>
/// <para>
/// The rate is lowered once for a flight: a refusal of an attempt that was sent before the last cut says nothing about
/// the rate after it. A refusal that names a delay holds back the attempt that it refused, and the others only when
/// they are refused as well.
/// </para>
/// </remarks>
internal sealed class ProbingController : ISendRateController
{
    /// <summary>The longest pause before the next probe, in seconds, when the server names none.</summary>
    private const double LongestPause = 10;

    private readonly WindowLedger _window = new();
    private ConcurrencyLimit _concurrency;
    private RateTracker _tracker;
    private RateTracker _trackerBefore;
    private AcceptedRate _sinceRefusal;
    private AcceptedRate _sinceOpening;
    private double _accepted;
    private double _acceptedAt;
    private double _roundTrip;
    private double _busyTime;
    private double _cutAt;
    private bool _acceptedSinceCut;
    private int _closures;
    private double _closedAt;
    private double _pause;
    private double _namedEnd;

    public LimitKind Kind =>
        _concurrency.IsFound ? LimitKind.Concurrency
        : _window.IsActive ? LimitKind.Window
        : _tracker.IsShared ? LimitKind.SharedRate
        : LimitKind.Rate;

    public double WaitFor(double now) => Math.Max(_window.WaitFor(now), _concurrency.WaitFor(now));

    public void OnSend() => _window.OnSend();

    public void OnReturn() => _window.OnReturn();

    public SendLimits OnResponse(in SendReport report)
    {
        if (!double.IsInfinity(report.SentAt))
        {
            var roundTrip = report.Now - report.SentAt;
            _roundTrip = _roundTrip == 0 ? roundTrip : (0.875 * _roundTrip) + (0.125 * roundTrip);
        }

        var busy = report.BusyTime - _busyTime;
        _busyTime = report.BusyTime;
        var (closeFor, debt) = (0.0, default(double?));
        switch (report.Feedback)
        {
            case SendFeedback.Unavailable:
            case SendFeedback.Throttled when _concurrency.IsFound:
                _concurrency.OnRefused(report.SentAt, report.InFlight, report.Now);
                break;
            case SendFeedback.Failed:
                // It was taken, as far as a window is concerned.
                _window.OnAccepted(report.SentAt);
                break;
            case SendFeedback.Accepted when _concurrency.IsSuspected || _concurrency.IsFound:
                _concurrency.OnAccepted(report.SentAt, report.InFlight, report.Now);
                CountRecent(report.Now);
                break;
            case SendFeedback.Accepted:
                debt = OnAccepted(report, busy);
                break;
            case SendFeedback.Throttled:
                (closeFor, debt) = OnThrottled(report);
                break;
        }

        return new SendLimits(_tracker.Rate)
        {
            Capacity = 1 + (0.02 * _tracker.Rate), CloseFor = closeFor, Debt = debt,
            IsUnpaced = _window.IsActive || _tracker.Rate == 0 || _concurrency.IsFound,
            MaxInFlight = _concurrency.IsFound ? Math.Floor(_concurrency.Limit) : double.PositiveInfinity,
            IsWanted = _concurrency.IsSuspected || _concurrency.IsFound,
        };
    }

    /// <returns>The tokens to be owed to the upstream.</returns>
    private double? OnAccepted(in SendReport report, double busyTime)
    {
        _sinceRefusal.Add();
        _sinceOpening.Add();
        CountRecent(report.Now);
        if (report.SentAt < _cutAt)
        {
            if (_tracker.IsSearching && double.IsInfinity(report.SentAt))
            {
                _tracker.Search(Math.Max(_tracker.Rate, _accepted));
            }

            return null;
        }

        _acceptedSinceCut = true;
        if (report.OpensGate || (_namedEnd > 0 && report.Now >= _namedEnd))
        {
            return Reopen(report);
        }

        (_closures, _namedEnd) = (0, 0);
        if (_window.IsActive)
        {
            _window.OnAccepted(report.SentAt);
        }
        else
        {
            _tracker.Grow(busyTime, _roundTrip);
        }

        return null;
    }

    private void CountRecent(double now)
    {
        _accepted = (_accepted * Math.Exp(_acceptedAt - now)) + 1;
        _acceptedAt = now;
    }

    private double? Reopen(in SendReport report)
    {
        var period = _sinceOpening;
        _sinceOpening = new AcceptedRate(report.Now, report.BusyTime);
        var wasLong = _namedEnd > 0 || report.Now - _closedAt > Math.Max(1, 10 * _roundTrip);
        if (!_window.IsActive && wasLong && period.Count >= 10)
        {
            _window.Begin(period.Count, _namedEnd > 0 ? _namedEnd : report.SentAt);
        }

        (_closures, _namedEnd) = (0, 0);
        if (_window.IsActive)
        {
            _window.Open(report.SentAt, _pause);
        }

        return null;
    }

    private (double CloseFor, double? Debt) OnThrottled(in SendReport report)
    {
        if (report.FillRate is null)
        {
            WakeUp(report);
            return default;
        }

        if (report.ServerDelay >= 2)
        {
            _namedEnd = Math.Max(_namedEnd, report.Now + report.ServerDelay);
        }

        var isNew = report.SentAt >= _cutAt;
        if (_window.IsActive && !double.IsInfinity(report.SentAt))
        {
            if (_window.OnRefused(report.SentAt, report.Now, report.ServerDelay))
            {
                return (isNew ? Close(report) : report.ServerDelay, null);
            }

            _window.Forget();
            _tracker.Search(_tracker.Rate / 8);
        }

        if (!isNew)
        {
            return default;
        }

        if (!_acceptedSinceCut)
        {
            if (_closures == 0)
            {
                // The refusal before was not one of a rate too high.
                _tracker = _trackerBefore;
            }

            return (Close(report), null);
        }

        _cutAt = report.Now;
        _acceptedSinceCut = false;
        _trackerBefore = _tracker;
        var isCut = _tracker.OnRefused(_sinceRefusal, report.BusyTime, report.Now);
        _sinceRefusal = new AcceptedRate(report.Now, report.BusyTime);
        return (0, isCut ? _tracker.Reserve : null);
    }

    private void WakeUp(in SendReport report)
    {
        _tracker.Search(Math.Max(1, _accepted * Math.Exp(_acceptedAt - report.Now)));
        _cutAt = report.Now;
        _acceptedSinceCut = true;
        _sinceRefusal = new AcceptedRate(report.Now, report.BusyTime);
        if (_sinceOpening.Elapsed(report.Now) > 60)
        {
            _sinceOpening = _sinceRefusal;
        }
    }

    private double Close(in SendReport report)
    {
        _cutAt = report.Now;
        _acceptedSinceCut = false;
        if (_closures++ == 0)
        {
            _closedAt = report.Now;
        }

        _pause = Math.Min(LongestPause, Math.Max(_roundTrip, 1 / _tracker.Rate) * Math.Pow(2, _closures));
        return report.ServerDelay >= 1 ? report.ServerDelay : _pause;
    }
}
