namespace RetryHandler.RateLimiting;

/// <summary>A token bucket whose fill rate follows the upstream's answers. Pure; the caller holds the lock.</summary>
/// <remarks>Times are seconds on the limiter's own monotonic clock.</remarks>
internal sealed class AdaptiveTokenBucket(SendRateSettings settings, ISendRateController controller)
{
    /// <summary>How long the upstream must not have throttled before the bucket may go dormant, in seconds.</summary>
    private const double HealthyTime = 60;

    private SendRateSettings _settings = settings;
    private SendRateMeter _meter = new(now: 0);
    private TokenBucket _bucket;
    private SendGate _gate;
    private double _lastThrottle;
    private double _lastResponse;

    /// <summary>Gets whether attempts need a token: from the first throttle until a healthy time has passed.</summary>
    public bool IsLimiting { get; private set; }

    public double FillRate => _bucket.FillRate;

    public double MeasuredRate => _meter.Rate;

    public double Tokens => _bucket.Tokens;

    /// <summary>Gets whether the upstream asked for a pause that no acceptance has ended yet.</summary>
    public bool IsClosed => _gate.IsClosed;

    /// <summary>Computes the seconds that are left of that pause.</summary>
    public double ClosedFor(double now) => _gate.WaitFor(now);

    public void Refill(double now) => _bucket.Refill(now);

    public void Apply(SendRateSettings settings, double now)
    {
        _settings = settings;
        if (IsLimiting)
        {
            SetRate(_bucket.FillRate, now);
        }
    }

    public bool TryTake(double now, out SendPermit permit)
    {
        if (!_gate.CanPass(now) || !_bucket.TryTake())
        {
            permit = default;
            return false;
        }

        permit = new SendPermit(HasToken: true, IsProbe: _gate.Pass(now));
        return true;
    }

    /// <summary>Takes back the permit of an attempt that was never sent.</summary>
    public void Return(SendPermit permit)
    {
        if (permit.HasToken)
        {
            _bucket.Return();
        }

        OnNoResponse(permit);
    }

    public void OnNoResponse(SendPermit permit)
    {
        if (permit.IsProbe)
        {
            _gate.LoseProbe();
        }
    }

    public double WaitFor(int tokens, double now) => Math.Max(_bucket.WaitFor(tokens), _gate.WaitFor(now));

    /// <summary>Computes the seconds until the next token can be given out, if nothing happens before.</summary>
    public double NextLook(double now) => Math.Max(_bucket.WaitFor(1), _gate.NextLook(now));

    /// <summary>Gets whether the upstream closed the gate for longer than a call waits.</summary>
    public bool IsShut(double now) => _gate.WaitFor(now) > _settings.LongestClosureToWaitFor.TotalSeconds;

    /// <summary>Learns from one response.</summary>
    /// <param name="permit">The permit of the attempt.</param>
    /// <param name="feedback">What the response says about the limit.</param>
    /// <param name="closeFor">How long nothing is to be sent, when that is longer than a call waits.</param>
    /// <param name="mayRest">Whether nobody waits for a token.</param>
    /// <param name="now">The time in seconds.</param>
    public void OnResponse(SendPermit permit, SendFeedback feedback, TimeSpan? closeFor, bool mayRest, double now)
    {
        MoveGate(permit, feedback, closeFor, now);
        _meter.Record(now);
        _lastResponse = now;
        var throttled = feedback == SendFeedback.Throttled;
        var rate = controller.OnResponse(throttled, _meter.Rate, IsLimiting ? _bucket.FillRate : null, now);
        var fillRate = SetRate(rate, now);
        if (throttled)
        {
            _lastThrottle = now;
            IsLimiting = true;
        }
        else if (mayRest && now - _lastThrottle >= HealthyTime && fillRate >= 2 * _meter.Rate)
        {
            // No throttle for long, and demand well below the rate: without this, a single throttle would tax every
            // later burst for the life of the process.
            IsLimiting = false;
        }
    }

    /// <summary>
    /// Goes dormant when nothing was sent for a healthy time: no demand is demand well below the rate.
    /// </summary>
    public void RestIfIdle(double now)
    {
        if (now - Math.Max(_lastThrottle, _lastResponse) >= HealthyTime && !_gate.IsClosed)
        {
            IsLimiting = false;
        }
    }

    private double SetRate(double rate, double now)
    {
        var fillRate = Math.Clamp(rate, _settings.MinRate, _settings.MaxRate);
        _bucket.SetRate(fillRate, capacity: Math.Max(fillRate, 1), now);
        return fillRate;
    }

    private void MoveGate(SendPermit permit, SendFeedback feedback, TimeSpan? closeFor, double now)
    {
        if (closeFor is { } closure)
        {
            _gate.Close(closure.TotalSeconds, now);
        }
        else if (feedback == SendFeedback.Accepted || permit.IsProbe)
        {
            // What was sent before the gate closed may still fail or be refused; only an acceptance is news then.
            _gate.Open();
        }
    }
}
