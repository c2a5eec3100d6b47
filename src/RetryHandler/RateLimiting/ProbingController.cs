using System.Runtime.CompilerServices;

namespace RetryHandler.RateLimiting;

/// <summary>Finds out which sort of limit the upstream has, and keeps to it.</summary>
/// <remarks>
/// One law does not fit every limit, so the controller recognises the limit by its refusals:
/// <list type="bullet">
/// <item>Refusals among acceptances are those of a rate: <see cref="RateTracker"/>.</item>
/// <item>Nothing but refusals, when the rate has just been lowered, is a closed door. It stays shut as long as the
/// server says, if that is more than a second, or for pauses that double up to ten; one probe looks afterwards.</item>
/// <item>A door closed for long, or until a named instant, is the end of a window: <see cref="WindowLedger"/>.</item>
/// <item>Bare 503s beside acceptances, or refusals that say so, are those of a <see cref="ConcurrencyLimit"/>.</item>
/// </list>
/// One cut for a flight: a refusal of what was sent before the last cut says nothing about the rate now. One that
/// names a delay holds back the attempt that it refused, and others only when they are refused too.
/// </remarks>
internal sealed class ProbingController : ISendRateController
{
    private readonly WindowLedger _window = new();
    private ClosedDoor _door;
    private ConcurrencyLimit _concurrency;
    private RateTracker _tracker;
    private StrongBox<RateTracker>? _before; // Made with the first refusal: an idle client is to be small.
    private AcceptanceCounts _accepted;
    private RoundTripTime _roundTrip;
    private double _busyTime;
    private LastCut _cut;
    private int _refusedInARow;

    public LimitKind Kind =>
        _concurrency.IsFound ? LimitKind.Concurrency
        : _window.IsActive ? LimitKind.Window
        : _tracker.IsShared ? LimitKind.SharedRate
        : LimitKind.Rate;

    public (int Count, double Length) Window => (_window.Count, _window.Length);

    public double WaitFor(double now) => Math.Max(_window.WaitFor(now), _concurrency.WaitFor(now));

    public void OnSend() => _window.OnSend();

    public void OnReturn() => _window.OnReturn();

    public void OnLost() => _window.OnReturn(); // It must not wait for what does not come.

    public void OnOverdue(double now) => _window.Restart(now);

    public SendLimits Begin(double rate, double now)
    {
        _cut.Begin(now);
        _tracker.Settle(rate, now);
        return new SendLimits(rate) { Capacity = CapacityAt(rate) };
    }

    public SendLimits OnResponse(in SendReport report)
    {
        _roundTrip.Add(report);
        if (report.FillRate is null && _concurrency.IsFound)
        {
            _concurrency.Forget(); // Dormant meanwhile: for a minute nobody needed it.
        }

        (var busy, _busyTime) = (report.BusyTime - _busyTime, report.BusyTime);
        var (closeFor, debt) = (0.0, default(double?));
        switch (report.Feedback)
        {
            case SendFeedback.Unavailable:
            case SendFeedback.Throttled when _concurrency.IsFound && !_concurrency.IsNamed:
            case SendFeedback.Crowded when _concurrency.MayBe(report.InFlight, report.Now):
                _concurrency.OnRefused(report.SentAt, report.InFlight, report.IsCrowded, report.Now);
                // It was taken, as far as a window is concerned: what it is not told of it would wait for, for ever.
                TellWindow(report);
                break;
            case SendFeedback.Failed:
                TellWindow(report);
                break;
            case SendFeedback.Accepted when _concurrency.IsSuspected || _concurrency.IsFound:
                _concurrency.OnAccepted(report.SentAt, report.InFlight, report.Now);
                TellWindow(report);
                _accepted.AddBesideALimit(busy, report.Now);
                break;
            case SendFeedback.Accepted:
                OnAccepted(report, busy);
                break;
            case SendFeedback.Throttled or SendFeedback.Crowded:
                (closeFor, debt) = OnThrottled(report);
                break;
        }

        return new SendLimits(_tracker.Rate)
        {
            Capacity = CapacityAt(_tracker.Rate),
            CloseFor = closeFor,
            Debt = debt,
            IsUnpaced = _window.IsActive || _tracker.Rate == 0 || _concurrency.IsFound,
            MaxInFlight = _concurrency.IsFound ? Math.Floor(_concurrency.Limit) : double.PositiveInfinity,
            IsWanted = _concurrency.IsSuspected || _concurrency.IsFound,
        };
    }

    public bool NeedsEachAttempt(bool isLimiting) => _concurrency.IsSuspected || _concurrency.IsFound || (isLimiting
        && !(_cut.WasAccepted && _refusedInARow == 0 && _door.IsWideOpen && !_window.IsActive && _tracker.IsCalm));

    public void OnAccepted(in CountedAcceptances accepted, double now)
    {
        _accepted.Add(accepted, now);
        _tracker.Count(accepted.Count, accepted.Paced == 0 ? _accepted.RecentRateAt(now) : 0);
    }

    // How many may go at once: hardly more than one, to space them evenly.
    private static double CapacityAt(double rate) => 1 + (0.02 * rate);

    private void OnAccepted(in SendReport report, double busyTime)
    {
        _accepted.Add(busyTime, report.Now);
        _cut.OnAccepted(report.SentAt);
        if (_cut.IsAfter(report.SentAt))
        {
            TellWindow(report); // It counts what was sent before a cut all the same.
            _tracker.Count(0, double.IsInfinity(report.SentAt) ? _accepted.RecentRateAt(report.Now) : 0);
            return;
        }

        _refusedInARow = 0;
        if (report.OpensGate || _door.HasEnded(report.Now))
        {
            Reopen(report);
            return;
        }

        _door.Open();
        if (_window.IsActive)
        {
            TellWindow(report);
        }
        else if (!(report.FillRate < _tracker.Rate))
        {
            // Otherwise something else holds the rate down, as the options do.
            _tracker.Grow(busyTime, _roundTrip.Value);
        }
    }

    private void TellWindow(in SendReport report)
    {
        if (!_window.OnAccepted(report.SentAt))
        {
            ForgetWindow(report.Now);
        }
    }

    private void ForgetWindow(double now)
    {
        _window.Forget(now);
        _tracker.Search(_accepted.RecentRateAt(now)); // The rate from before it is one of long ago.
    }

    private void Reopen(in SendReport report)
    {
        var accepted = _accepted.SinceOpening.Count - 1;
        _accepted.OnOpened(report, _door.ClosedTime(report.Now));
        var start = _window.StartOfUnknown;
        var least = _tracker.IsShared ? double.PositiveInfinity : Math.Max(1, 10 * _roundTrip.Value);
        if (_door.WasWindow(accepted, least, report.SentAt, report.Now, out var end) && _window.MayBegin(report.Now))
        {
            _window.Begin(accepted, end, _door.Doubt, report.Now);
        }

        _door.Reopen(start, report.SentAt);
        if (_window.IsActive)
        {
            _window.Open(report.SentAt, _door.Pause);
        }
    }

    private (double CloseFor, double? Debt) OnThrottled(in SendReport report)
    {
        if (report.FillRate is null || _tracker.Rate == 0 || _concurrency.IsFound)
        {
            // Also when the limiter is awake for another reason, or for a limit that was named and is not this one.
            _concurrency.OnOtherLimit(report.Now);
            WakeUp(report);
            return default;
        }

        _door.OnNamedDelay(report.ServerDelay, report.Now);
        var isNew = !_cut.IsAfter(report.SentAt);
        if (_window.IsActive && !double.IsInfinity(report.SentAt))
        {
            if (_window.OnRefused(report.SentAt, report.Now, report.ServerDelay))
            {
                return (_window.IsEndSure ? 0 : isNew ? Close(report) : report.ServerDelay, null);
            }

            ForgetWindow(report.Now);
        }

        _refusedInARow += isNew ? 1 : 0;
        var isAbsorbed = _door.IsClosed ? _tracker.IsShared // A refused probe says nothing about the share.
            : _tracker.Absorb(_accepted.SinceRefusal, report.BusyTime, report.Now);
        if (_tracker.IsShared)
        {
            _accepted.OnRefused(report);
        }

        if (!isNew || (isAbsorbed && _refusedInARow < ClosedDoor.LeastRefusals))
        {
            return default;
        }

        if (!_cut.WasAccepted || isAbsorbed)
        {
            if (!_door.IsClosed && !isAbsorbed)
            {
                // The refusal before was not one of a rate too high.
                _tracker.Undo(_before?.Value ?? default);
            }

            return (Close(report), null);
        }

        var wasClosed = _cut.OnRefused(report.SentAt, _roundTrip.Value, report.Now);
        var before = _tracker;
        var hasFallen =
            _tracker.OnRefused(_accepted.SinceRefusal, report.BusyTime, _roundTrip.Value, wasClosed, report.Now);

        // What was accepted from one closing of the door to the next is the rate, even if it closes again.
        (_before ??= new()).Value = hasFallen || wasClosed ? _tracker : before;
        _accepted.OnRefused(report);
        return (0, _tracker.Reserve);
    }

    private void WakeUp(in SendReport report)
    {
        _window.Restart(report.Now);
        _tracker.Search(_accepted.RecentRateAt(report.Now));
        _cut.Begin(report.Now);
        _accepted.OnWokenUp(report);
    }

    private double Close(in SendReport report)
    {
        _cut.OnClosed(report.Now);
        var seen = _window.IsActive ? _accepted.SinceOpening.RateAt(report.Now) : 0;
        var unit = Math.Max(_roundTrip.Value, 1 / Math.Max(_tracker.Rate, seen));
        var pause = _door.Close(report.ServerDelay, unit, _window.StartOfUnknown, report.SentAt, report.Now);
        _tracker.OnClosed(report.ServerDelay > 0 ? pause : 0, report.Now);
        return pause;
    }
}
