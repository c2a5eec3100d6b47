namespace RetryHandler.Simulation.Upstreams;

/// <summary>A model of an upstream with a limit.</summary>
internal interface IUpstream
{
    /// <summary>Takes an attempt that arrives now; it is answered now or later.</summary>
    void Receive(Attempt attempt);

    /// <summary>Computes how many calls could have been served by a time, a full burst at the start included.</summary>
    double CapacityUntil(double seconds);

    /// <summary>Gets how many calls per second can be served in the long run, as things are at a time.</summary>
    double RateAt(double seconds);

    /// <summary>Gets how many attempts wait inside the upstream.</summary>
    int Queued => 0;
}
