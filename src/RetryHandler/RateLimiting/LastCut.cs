namespace RetryHandler.RateLimiting;

/// <summary>The last time that the rate was lowered or the door found closed. Pure; times are seconds.</summary>
/// <remarks>
/// One cut for a flight: what was sent before it says nothing about the rate after it. But of what was sent after the
/// attempt that was refused, an acceptance says at once that the upstream refuses some, and not all. Where a flight
/// takes long, the first answer that counts for the new rate may be a refusal, of a bucket that is still empty.
/// </remarks>
internal struct LastCut
{
    /// <summary>By what part of a round trip answers overtake each other at most.</summary>
    private const double Overtaking = 0.5;

    private double _at;
    private double _tellsFrom;
    private bool _wasClosed;

    /// <summary>Gets whether the upstream has taken something since.</summary>
    public bool WasAccepted { get; private set; }

    /// <summary>Gets whether an attempt was on its way already.</summary>
    public readonly bool IsAfter(double sentAt) => sentAt < _at;

    /// <summary>Starts with a rate that nobody has refused yet.</summary>
    public void Begin(double now) => (_at, WasAccepted) = (now, true);

    /// <summary>Lowers the rate.</summary>
    /// <param name="sentAt">When the attempt was sent that was refused.</param>
    /// <param name="roundTrip">The time of a round trip.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether the door was found closed since the cut before.</returns>
    public bool OnRefused(double sentAt, double roundTrip, double now)
    {
        var wasClosed = _wasClosed;
        (_at, _tellsFrom, WasAccepted, _wasClosed) = (now, sentAt + (Overtaking * roundTrip), false, false);
        return wasClosed;
    }

    /// <summary>Closes the door: only what is sent from now on can open it.</summary>
    public void OnClosed(double now) => (_at, _tellsFrom, WasAccepted, _wasClosed) = (now, now, false, true);

    public void OnAccepted(double sentAt) => WasAccepted |= sentAt >= Math.Min(_at, _tellsFrom);
}
