namespace FlakyUpstream.Behaviours;

/// <summary>What befalls a request after the limit has let it in.</summary>
/// <param name="Delay">Service time.</param>
/// <param name="ErrorShare">Share, 0 to 1, that is answered with <paramref name="ErrorStatus"/>.</param>
/// <param name="ErrorStatus">The status of those answers.</param>
/// <param name="AbortShare">Share, 0 to 1, whose connection is cut before any response byte.</param>
/// <param name="Late">Faults strike after the work was done: the caller sees a failure, the order exists.</param>
internal sealed record Faults(TimeSpan Delay, double ErrorShare, int ErrorStatus, double AbortShare, bool Late)
{
    /// <param name="chance">Evenly distributed in [0, 1).</param>
    public Fault Draw(double chance) =>
        chance < AbortShare ? Fault.Abort
        : chance < AbortShare + ErrorShare ? Fault.Error
        : Fault.None;
}
