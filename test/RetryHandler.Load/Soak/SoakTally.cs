namespace RetryHandler.Load.Soak;

/// <summary>What the callers of one client saw; thread-safe.</summary>
internal sealed class SoakTally
{
    private long _started;
    private long _succeeded;
    private long _failed;

    public long Started => Interlocked.Read(ref _started);

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Failed => Interlocked.Read(ref _failed);

    public void Start() => Interlocked.Increment(ref _started);

    public void End(bool succeeded) => Interlocked.Increment(ref succeeded ? ref _succeeded : ref _failed);
}
