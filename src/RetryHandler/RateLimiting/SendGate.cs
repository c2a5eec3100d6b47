namespace RetryHandler.RateLimiting;

/// <summary>
/// Holds the whole client back until an instant that the upstream named, and then lets one attempt through to see.
/// Pure; the caller holds the lock.
/// </summary>
/// <remarks>
/// For a <c>Retry-After</c> longer than a call waits for. To send before it earns bans with some APIs; to obey it without
/// bound would let one wrong header mute the client for a day.
/// </remarks>
internal struct SendGate
{
    /// <summary>The longest time that the gate stays closed without a probe, in seconds (10 minutes).</summary>
    private const double LongestClosure = 600;

    private double? _closedUntil;
    private bool _probeIsOut;

    public readonly bool IsClosed => _closedUntil is not null;

    /// <summary>Gets whether everybody waits for the answer to the probe, however long it takes.</summary>
    public readonly bool IsProbing => _probeIsOut;

    public void Close(double seconds, double now)
    {
        _closedUntil = now + Math.Min(seconds, LongestClosure);
        _probeIsOut = false;
    }

    /// <summary>Opens the gate: the upstream answered without naming a far instant.</summary>
    public void Open()
    {
        _closedUntil = null;
        _probeIsOut = false;
    }

    public readonly bool CanPass(double now) => _closedUntil is not { } until || (now >= until && !_probeIsOut);

    /// <summary>Notes that an attempt passes; through a closed gate it is the probe.</summary>
    public void Pass() => _probeIsOut = IsClosed;

    /// <summary>Notes that an attempt ended without an answer, so that the next one may probe.</summary>
    public void OnNoAnswer() => _probeIsOut = false;

    /// <summary>Computes the seconds until the gate may let an attempt through, apart from an answer to the probe.</summary>
    public readonly double WaitFor(double now) => _closedUntil is { } until && until > now ? until - now : 0;
}
