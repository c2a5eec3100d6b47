namespace FlakyUpstream.Behaviours;

/// <summary>The counts behind <see cref="UpstreamStats"/>.</summary>
internal sealed class Counters
{
    private long _accepted;
    private long _refused;
    private long _executed;
    private long _faulted;

    public void Accepted() => Interlocked.Increment(ref _accepted);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Executed() => Interlocked.Increment(ref _executed);

    public void Faulted() => Interlocked.Increment(ref _faulted);

    public UpstreamStats Read()
    {
        var accepted = Interlocked.Read(ref _accepted);
        var refused = Interlocked.Read(ref _refused);
        return new UpstreamStats(
            accepted + refused, accepted, refused, Interlocked.Read(ref _executed), Interlocked.Read(ref _faulted));
    }
}
