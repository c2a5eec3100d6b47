namespace FlakyUpstream;

/// <summary>What the requests of one key met.</summary>
/// <param name="Attempts">Requests that arrived.</param>
/// <param name="Accepted">Requests that the limit let in.</param>
/// <param name="Refused">Requests that the limit turned away.</param>
/// <param name="Executed">Requests whose work was done, whether or not the caller got to know.</param>
/// <param name="Faulted">Accepted requests that were answered with an error or cut off, by chance.</param>
public sealed record UpstreamStats(long Attempts, long Accepted, long Refused, long Executed, long Faulted)
{
    internal static UpstreamStats Zero { get; } = new(0, 0, 0, 0, 0);

    internal UpstreamStats Plus(UpstreamStats other) => new(
        Attempts + other.Attempts,
        Accepted + other.Accepted,
        Refused + other.Refused,
        Executed + other.Executed,
        Faulted + other.Faulted);
}
