using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>
/// What the callers of one partition share: what they learned, and the loop with the settings in force.
/// </summary>
internal sealed class Partition
{
    private volatile RetryLoop _loop;

    public Partition(LearnedState learned, RetryEnvironment environment, RetryLoop loop)
    {
        Learned = learned;
        Environment = environment;
        _loop = loop;
        Place = new LinkedListNode<Partition>(this);
    }

    public LearnedState Learned { get; }

    public RetryEnvironment Environment { get; }

    public PartitionTelemetry Telemetry => Environment.Telemetry;

    /// <summary>Gets the loop with the settings in force; a call keeps to the one that it began with.</summary>
    public RetryLoop Loop => _loop;

    /// <summary>Gets or sets how many calls are under way; the table holds its lock.</summary>
    public int Calls { get; set; }

    /// <summary>Gets or sets when the last call ended; the table holds its lock.</summary>
    public long IdleSince { get; set; }

    /// <summary>Gets its place among the idle ones; the table holds its lock.</summary>
    public LinkedListNode<Partition> Place { get; }

    /// <summary>Puts other settings in force; what was learned stays.</summary>
    /// <param name="settings">The settings of the shared state.</param>
    /// <param name="loop">A loop with the settings, of whichever partition.</param>
    public void Apply(ClientSettings settings, RetryLoop loop)
    {
        Learned.Quota.Apply(settings.Quota);
        Learned.Limiter.Apply(settings.SendRate);
        _loop = loop.For(Learned, Environment);
    }
}
