namespace RetryHandler.Simulation.Measuring;

/// <summary>What happened in a run.</summary>
internal sealed class Recorder
{
    /// <summary>Gets the instants at which attempts left the clients.</summary>
    public List<double> Sent { get; } = [];

    /// <summary>Gets the instants at which the upstream accepted or served an attempt.</summary>
    public List<double> Accepted { get; } = [];

    public List<CallRecord> Calls { get; } = [];

    public List<Sample> Samples { get; } = [];

    /// <summary>Gets the instants at which the upstream refused an attempt.</summary>
    public List<double> Refused { get; } = [];

    /// <summary>Gets how many attempts were sent before the instant that the upstream had named.</summary>
    public int Early { get; private set; }

    public void OnSend(double now, bool isEarly)
    {
        Sent.Add(now);
        Early += isEarly ? 1 : 0;
    }

    public void OnAnswer(bool isRefusal, double now) => (isRefusal ? Refused : Accepted).Add(now);
}
