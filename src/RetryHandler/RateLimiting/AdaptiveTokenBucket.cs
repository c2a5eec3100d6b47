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
    private double _lookedAt;
    private double _takenAt;
    private LastReasons _reasons;

    /// <summary>Gets whether attempts need a token: from the first throttle until a healthy time has passed.</summary>
    public bool IsLimiting { get; private set; }

    /// <summary>Gets whether a bare 503 is taken for the sign of a limit on concurrency.</summary>
    public bool IsOverloadExpected { get; private set; }

    public double FillRate => _bucket.FillRate;

    public double Tokens => _bucket.Tokens;

    /// <summary>Gets whether the upstream asked for a pause that no acceptance has ended yet.</summary>
    public bool IsClosed => _gate.IsClosed;

    /// <summary>Gets how many attempts may be on their way while the bucket is dormant.</summary>
    public double MostWhileDormant => controller.MostWhileDormant;

    public SendRateState StateAt(double now, int waiting) => new(IsLimiting, FillRate, _meter.Rate, Tokens, waiting)
    {
        Kind = IsLimiting ? controller.Kind : LimitKind.Unknown,
        Window = controller.Window,
        IsUnpaced = _isUnpaced,
        MaxInFlight = _maxInFlight,
        IsBeyondPatience = IsBeyondPatience(now),
        ClosedFor = IsClosed ? _gate.WaitFor(now) : null,
    };

    /// <summary>Starts to limit at a known rate, if the settings name one; says whether they do.</summary>
    public bool Begin(double now)
    {
        if (_settings.InitialRate is { } rate)
        {
            Apply(controller.Begin(rate, now), TimeSpan.Zero, now);
            _bucket.Return(); // The first attempt has nothing to wait for.
        }

        return IsLimiting = _settings is { IsEnabled: true, InitialRate: not null };
    }

    /// <summary>Brings the tokens up to date.</summary>
    /// <param name="isBacklogged">Whether somebody has been waiting since the last call.</param>
    /// <param name="now">The time in seconds.</param>
    public void Refill(bool isBacklogged, double now)
    {
        if (isBacklogged)
        {
            _busyTime += now - _lookedAt;
            _reasons.OnWait(now);
        }

        _lookedAt = now;
        _bucket.Refill(now);
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
            SetLimits(new SendLimits(_bucket.FillRate) { Capacity = _bucket.Capacity }, now);
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

    /// <summary>Takes back the permit of an attempt that was never sent.</summary>
    public void Return(SendPermit permit) => Lose(permit, wasSent: false);

    /// <summary>Notes that an attempt was sent, and that no answer comes.</summary>
    public void OnNoResponse(SendPermit permit) => Lose(permit, wasSent: true);

    /// <summary>Estimates the seconds until so many attempts could go.</summary>
    public double WaitFor(int tokens, double now)
    {
        var wait = controller.WaitFor(now); // What only an answer can tell is no reason to refuse a call.
        return Math.Max(double.IsInfinity(wait) ? 0 : wait, Math.Max(WaitForTokens(tokens), _gate.WaitFor(now)));
    }

    /// <summary>Gets whether only an answer can tell when the next attempt may go.</summary>
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

    /// <summary>Learns from one response.</summary>
    /// <param name="permit">The permit of the attempt.</param>
    /// <param name="response">What the response says about the limit.</param>
    /// <param name="freeInFlight">How many attempts are on their way that were sent while dormant.</param>
    /// <param name="mayRest">Whether nobody waits for a token.</param>
    /// <param name="now">The time in seconds.</param>
    public void OnResponse(SendPermit permit, in SendResponse response, int freeInFlight, bool mayRest, double now)
    {
        Land(permit);
        _meter.Record(now);
        _reasons.OnResponse(now);
        var isThrottled = response.Feedback is SendFeedback.Throttled or SendFeedback.Crowded;
        var limits = controller.OnResponse(new(now, response.Feedback, _meter.Rate, IsLimiting ? FillRate : null)
        {
            SentAt = permit.HasToken ? permit.GrantedAt : double.NegativeInfinity,
            ServerDelay = response.ServerDelay.TotalSeconds,
            BusyTime = _busyTime,
            OpensGate = _gate.Move(permit, isAccepted: response.Feedback == SendFeedback.Accepted),
            InFlight = _inFlight + freeInFlight,
            Budget = response.Budget,
        });
        Apply(limits, response.ServerDelay, now);
        IsOverloadExpected = limits.IsWanted;
        if (isThrottled)
        {
            _reasons.OnThrottled(response.ServerDelay, now);
            IsLimiting = _settings.IsEnabled;
        }
        else if (limits.IsWanted && response.Feedback == SendFeedback.Unavailable)
        {
            _reasons.OnOverload(now);
            IsLimiting = _settings.IsEnabled;
        }
        else if (mayRest && _reasons.AreOver(_settings.HealthyTime, IsOverloadExpected, now))
        {
            IsLimiting = false;
        }
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

    private void Land(SendPermit permit) => _inFlight -= permit.HasToken ? 1 : 0;

    private void Lose(SendPermit permit, bool wasSent)
    {
        if (permit.IsProbe)
        {
            _gate.LoseProbe();
        }

        Land(permit);
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

    private void Apply(in SendLimits limits, TimeSpan serverDelay, double now)
    {
        (_maxInFlight, _isUnpaced) = (limits.MaxInFlight, limits.IsUnpaced);
        SetLimits(_isUnpaced && !IsUnbounded ? new SendLimits(_settings.MaxRate) : limits, now);
        if (limits.Debt is { } debt)
        {
            _bucket.Owe(debt);
        }

        var closure = serverDelay > _settings.LongestClosureToWaitFor ? serverDelay.TotalSeconds
            : serverDelay > TimeSpan.Zero || limits.IsPublished ? limits.CloseFor
            : Math.Min(limits.CloseFor, 1 / _settings.MinRate);
        if (closure > 0)
        {
            _gate.Close(closure, isNamed: serverDelay > TimeSpan.Zero || limits.IsPublished, now);
        }

        if (limits.IsPublished && (!IsLimiting || closure > 0))
        {
            // The healthy time begins now, or when there is more.
            _reasons.OnWait(now + Math.Min(closure, SendGate.LongestClosure));
            IsLimiting = _settings.IsEnabled;
        }
    }

    private void SetLimits(in SendLimits limits, double now)
    {
        var rate = Math.Clamp(limits.Rate, _settings.MinRate, _settings.MaxRate);
        var capacity = rate == limits.Rate ? limits.Capacity : new SendLimits(rate).Capacity;
        _bucket.SetRate(rate, rate < limits.Rate ? Math.Min(capacity, limits.Capacity) : capacity, now);
    }
}
