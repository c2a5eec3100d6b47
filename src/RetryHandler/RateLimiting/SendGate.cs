namespace RetryHandler.RateLimiting;

/// <summary>
/// Holds the whole client back until an instant, and then lets one attempt through to see. Pure; the caller holds the
/// lock.
/// </summary>
/// <remarks>
/// For an instant that the upstream named, such as a <c>Retry-After</c> longer than a call waits for, and for the short
/// pauses of a controller that found the door closed. To send before a named instant earns bans with some APIs; to obey
/// it without bound would let one wrong header mute the client for a day. A named second or less is no such instant
/// (<see cref="ClosedDoor"/>).
/// </remarks>
internal struct SendGate
{
    /// <summary>The longest time that the gate stays closed without a probe, in seconds (10 minutes).</summary>
    public const double LongestClosure = 600;

    /// <summary>How long the answer to a probe may take before another one goes, in seconds.</summary>
    public const double ProbePatience = 60;

    private double? _closedUntil;
    private double _closedAt;
    private double? _probedAt;
    private bool _isNamed;

    public readonly bool IsClosed => _closedUntil is not null;

    /// <summary>Closes.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="isNamed">Whether the upstream named it, so that calls need not wait for it.</param>
    /// <param name="now">The time.</param>
    public void Close(double seconds, bool isNamed, double now)
    {
        _isNamed = isNamed;
        _closedUntil = now + Math.Min(seconds, LongestClosure);
        _closedAt = now;
        _probedAt = null;
    }

    /// <summary>Closes, if an answer or the controller asks for it.</summary>
    /// <param name="limits">What the controller allows after the answer.</param>
    /// <param name="serverDelay">The seconds that the answer asks for; 0 when it does not say.</param>
    /// <param name="settings">The limiter's bounds.</param>
    /// <param name="now">The time.</param>
    /// <returns>For how many seconds.</returns>
    public double CloseIfAsked(in SendLimits limits, double serverDelay, SendRateSettings settings, double now)
    {
        var isNamed = serverDelay > 0 || limits.IsPublished;
        var seconds = serverDelay > settings.LongestClosureToWaitFor.TotalSeconds ? serverDelay
            : isNamed ? limits.CloseFor
            : Math.Min(limits.CloseFor, 1 / settings.MinRate);
        if (seconds > 0)
        {
            Close(seconds, isNamed, now);
        }

        return seconds;
    }

    public void Open()
    {
        _closedUntil = null;
        _probedAt = null;
    }

    /// <summary>Opens, if an answer is a reason to.</summary>
    /// <returns>Whether it was closed, and is open because of an acceptance.</returns>
    public bool Move(SendPermit permit, bool isAccepted)
    {
        // What was sent before the gate closed may still fail, be refused, or come late; that is no news. A probe's
        // answer always is: whatever refuses it closes the gate again.
        var opens = permit.IsProbe || (isAccepted && IsNews(permit));
        var wasClosed = IsClosed;
        if (opens)
        {
            Open();
        }

        return wasClosed && opens && isAccepted;
    }

    /// <summary>Gets whether an answer to this attempt says more than the refusal that closed the gate.</summary>
    public readonly bool IsNews(SendPermit permit) =>
        !permit.IsFree && (!permit.HasToken || permit.GrantedAt >= _closedAt); // Free: from before the first throttle.

    public readonly bool CanPass(double now) => WaitFor(now) == 0 && NextLook(now) == 0;

    /// <summary>Notes that an attempt passes.</summary>
    /// <returns>Whether it is the probe.</returns>
    public bool Pass(double now)
    {
        _probedAt = IsClosed ? now : null;
        return IsClosed;
    }

    /// <summary>Notes that no answer comes: after a lost probe the next attempt is one.</summary>
    public void Lose(SendPermit permit) => _probedAt = permit.IsProbe ? null : _probedAt;

    /// <summary>Computes the seconds until that instant.</summary>
    public readonly double WaitFor(double now) => Waits.OrNone((_closedUntil ?? now) - now);

    /// <summary>Gets whether a probe's answer is awaited.</summary>
    public readonly bool IsProbing(double now) => WaitFor(now) == 0 && NextLook(now) > 0;

    /// <summary>Gets whether the upstream named an instant that is further away than so many seconds.</summary>
    public readonly bool IsClosedBeyond(double seconds, double now) =>
        _isNamed && Waits.OrNone(WaitFor(now) - seconds) > 0;

    /// <summary>Computes the seconds until an attempt may pass, if no answer comes before.</summary>
    public readonly double NextLook(double now) =>
        _probedAt is { } probedAt ? Waits.OrNone(probedAt + ProbePatience - now) : WaitFor(now);
}
