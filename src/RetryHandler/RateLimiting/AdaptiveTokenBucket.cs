namespace RetryHandler.RateLimiting;

/// <summary>A token bucket that follows the upstream's answers. Pure; in seconds, under the caller's lock.</summary>
internal sealed class AdaptiveTokenBucket(SendRateSettings settings, ISendRateController controller)
{
    private SendRateSettings _settings = settings;
    private SendRateMeter _meter = new(now: 0);
    private TokenBucket _bucket;
    private SendGate _gate;
    private double _maxInFlight = double.PositiveInfinity;
    private bool _isUnpaced;
    private int _inFlight;
    private double _busyTime;
    private double _takenAt;
    private CalmTraffic _calm;
    private LastReasons _reasons;

    /// <summary>Gets whether attempts need a token: from the first throttle until a healthy time has passed.</summary>
    public bool IsLimiting { get; private set; }

    /// <summary>Gets whether a bare 503 is taken for the sign of a limit on concurrency.</summary>
    public bool IsOverloadExpected { get; private set; }

    /// <summary>Gets when the tokens were brought up to date last.</summary>
    public double LookedAt { get; private set; }

    public double FillRate => _bucket.FillRate;

    public double Tokens => _bucket.Tokens;

    /// <summary>Gets whether the upstream asked for a pause that no acceptance has ended yet.</summary>
    public bool IsClosed => _gate.IsClosed;

    /// <summary>Gets how many attempts may be on their way while the bucket is dormant.</summary>
    public double MostWhileDormant => controller.MostWhileDormant;

    public SendRateState StateAt(double now, int waiting) => new(
        IsLimiting, FillRate, _meter.RateAt(now), Tokens, waiting)
    {
        Kind = IsLimiting ? controller.Kind : LimitKind.Unknown,
        Window = controller.Window,
        IsUnpaced = _isUnpaced,
        MaxInFlight = _maxInFlight,
        IsBeyondPatience = IsBeyondPatience(now),
        ClosedFor = IsClosed ? _gate.WaitFor(now) : null,
    };

    /// <summary>Starts to limit at a known rate, if the settings name one.</summary>
    public void Begin(double now)
    {
        if (_settings.InitialRate is { } rate)
        {
            Apply(controller.Begin(rate, now), TimeSpan.Zero, now);
            _bucket.Return(); // The first attempt has nothing to wait for.
        }

        IsLimiting = _settings is { IsEnabled: true, InitialRate: not null };
    }

    /// <summary>Brings the tokens up to date.</summary>
    /// <param name="isBacklogged">Whether somebody has been waiting since the last call.</param>
    /// <param name="now">The time.</param>
    /// <param name="prepaid">What was paid in advance at the last call.</param>
    public void Refill(bool isBacklogged, double now, PrepaidTokens prepaid = default)
    {
        if (isBacklogged)
        {
            _busyTime += now - LookedAt;
            _reasons.OnWait(now);
            _calm.End();
        }

        LookedAt = now;
        _inFlight -= prepaid.Left;
        _bucket.Refill(prepaid, now);
    }

    public void Apply(SendRateSettings settings, double now)
    {
        var isNew = settings.InitialRate is not null && _settings.InitialRate is null && !IsLimiting;
        _settings = settings;

        // Nobody would tell a limiter that is switched off that the upstream is well again.
        IsLimiting = settings.IsEnabled && (IsLimiting || settings.InitialRate is not null);
        if (isNew)
        {
            Begin(now);
        }
        else if (IsLimiting)
        {
            SetLimits(new(_bucket.FillRate) { Capacity = _bucket.Capacity }, now);
        }
    }

    public bool TryTake(double now, out SendPermit permit)
    {
        permit = default;
        var wait = controller.WaitFor(now);
        if (_inFlight >= _maxInFlight || !_gate.CanPass(now) || Patient(wait, now) > 0
            || !(IsUnbounded || _bucket.TryTake()))
        {
            return false;
        }

        if (double.IsInfinity(wait))
        {
            controller.OnOverdue(now);
        }

        (_inFlight, _takenAt) = (_inFlight + 1, now);
        controller.OnSend();
        permit = new SendPermit(HasToken: true, IsProbe: _gate.Pass(now), now) { IsUnpaced = IsUnbounded };
        return true;
    }

    /// <summary>Pays tokens for attempts to come, if all of them may go as they come.</summary>
    /// <returns>For how many.</returns>
    public int Prepay()
    {
        var count = _bucket.Prepay(_calm.MostPrepaid(_meter.Rate));
        _inFlight += count;
        return count;
    }

    /// <summary>Takes back the permit of an attempt to which no answer comes.</summary>
    public void TakeBack(SendPermit permit, bool wasSent)
    {
        _gate.Lose(permit);
        _inFlight -= permit.HasToken ? 1 : 0;
        if (permit.HasToken && wasSent)
        {
            controller.OnLost();
        }
        else if (permit.HasToken)
        {
            controller.OnReturn();
            if (!permit.IsUnpaced)
            {
                _bucket.Return();
            }
        }
    }

    /// <summary>Estimates the seconds until so many attempts could go.</summary>
    public double WaitFor(int tokens, double now)
    {
        var wait = controller.WaitFor(now); // What only an answer can tell is no reason to refuse a call.
        return Math.Max(double.IsInfinity(wait) ? 0 : wait, Math.Max(WaitForTokens(tokens), _gate.WaitFor(now)));
    }

    /// <summary>Gets whether only an answer can tell when one may go.</summary>
    public bool NeedsAnswer(double now) =>
        _inFlight >= _maxInFlight || _gate.IsProbing(now) || double.IsInfinity(controller.WaitFor(now));

    /// <summary>Computes the seconds until the next token can be given out, if nothing happens before.</summary>
    public double NextLook(double now) =>
        _inFlight >= _maxInFlight ? double.PositiveInfinity
        : Math.Max(Patient(controller.WaitFor(now), now), Math.Max(WaitForTokens(1), _gate.NextLook(now)));

    /// <summary>Gets whether the upstream closed the gate for longer than a call waits.</summary>
    public bool IsShut(double now) => _gate.IsClosedBeyond(_settings.LongestClosureToWaitFor.TotalSeconds, now);

    /// <summary>Gets whether the gate stays closed for longer than any call of the client has time.</summary>
    public bool IsBeyondPatience(double now) => _gate.IsClosedBeyond(_settings.Patience, now);

    /// <summary>Gets which acceptances may be counted and told later.</summary>
    public CountedPermits Counted(int waiting) =>
        IsLimiting ? _calm.IsCalm && waiting == 0 ? CountedPermits.Paced : CountedPermits.None
        : controller.NeedsEachAttempt(isLimiting: false) ? CountedPermits.None
        : CountedPermits.Free;

    /// <summary>Learns from acceptances that were only counted.</summary>
    public void OnAccepted(in CountedAcceptances accepted, bool mayRest, double now)
    {
        _inFlight -= accepted.Paced;
        _meter.Record(now, accepted.Count);
        _reasons.OnAccepted(accepted.From);
        controller.OnAccepted(accepted, now);
        _calm.GoOn(_meter.Rate);
        IsLimiting &= !(mayRest && _reasons.AreOver(_settings.HealthyTime, IsOverloadExpected, now));
    }

    /// <summary>Learns from one response.</summary>
    /// <param name="permit">The permit of the attempt.</param>
    /// <param name="response">What it says about the limit.</param>
    /// <param name="freeInFlight">How many attempts are on their way that were sent while dormant.</param>
    /// <param name="mayRest">Whether nobody waits for a token.</param>
    /// <param name="now">The time.</param>
    public void OnResponse(SendPermit permit, in SendResponse response, int freeInFlight, bool mayRest, double now)
    {
        _inFlight -= permit.HasToken ? 1 : 0;
        _meter.Record(now);
        var report = new SendReport(now, response.Feedback, _meter.Rate, IsLimiting ? FillRate : null)
        {
            SentAt = permit.HasToken ? permit.GrantedAt : double.NegativeInfinity,
            IsSentLater = permit.IsPrepaid,
            ServerDelay = response.ServerDelay.TotalSeconds,
            BusyTime = _busyTime,
            OpensGate = _gate.Move(permit, isAccepted: response.Feedback == SendFeedback.Accepted),
            InFlight = _inFlight + freeInFlight,
            Budget = response.Budget,
        };
        var limits = controller.OnResponse(report);
        Apply(limits, response.ServerDelay, now);
        IsOverloadExpected = limits.IsWanted;
        IsLimiting = _reasons.OnResponse(report, IsOverloadExpected) ? _settings.IsEnabled
            : IsLimiting && !(mayRest && _reasons.AreOver(_settings.HealthyTime, IsOverloadExpected, now));
        _calm.Begin(
            IsLimiting && mayRest && !_isUnpaced && !_gate.IsClosed && !controller.NeedsEachAttempt(isLimiting: true),
            _meter.Rate);
    }

    /// <summary>Wakes up because more come at once than may be on their way while dormant.</summary>
    public void OnCrowd(int freeInFlight, double now) =>
        Apply(controller.OnCrowd(_inFlight + freeInFlight, now), default, now);

    /// <summary>Goes dormant when nothing was sent for a healthy time: no demand is well below the rate.</summary>
    /// <returns>Whether it still limits.</returns>
    public bool RestIfIdle(int waiting, double now) => IsLimiting &=
        waiting > 0 || _inFlight > 0 || _gate.IsClosed || !_reasons.IsIdle(_settings.HealthyTime, now);

    /// <summary>Gets whether no token is needed; what the controller counts is sent no faster than allowed.</summary>
    private bool IsUnbounded => _isUnpaced && double.IsPositiveInfinity(_settings.MaxRate);

    /// <summary>Bounds the wait for what only an answer can tell: as for the answer to a probe.</summary>
    private double Patient(double wait, double now) =>
        double.IsInfinity(wait) ? Waits.OrNone(_takenAt + SendGate.ProbePatience - now) : wait;

    private double WaitForTokens(int tokens) => IsUnbounded ? 0 : _bucket.WaitFor(tokens);

    private void Apply(in SendLimits limits, TimeSpan serverDelay, double now)
    {
        (_maxInFlight, _isUnpaced) = (limits.MaxInFlight, limits.IsUnpaced);
        SetLimits(_isUnpaced && !IsUnbounded ? new SendLimits(_settings.MaxRate) : limits, now);
        _bucket.Owe(limits.Debt);
        var closure = _gate.CloseIfAsked(limits, serverDelay.TotalSeconds, _settings, now);
        if (limits.IsPublished && (!IsLimiting || closure > 0))
        {
            // The healthy time begins now, or when there is more.
            _reasons.OnWait(now + Math.Min(closure, SendGate.LongestClosure));
            IsLimiting = _settings.IsEnabled;
        }
    }

    private void SetLimits(in SendLimits limits, double now)
    {
        _calm.End();
        _bucket.SetRate(_settings.Bound(limits), now);
    }
}
