namespace RetryHandler.Simulation.Clients;

/// <summary>Brings the continuations of a call back to the thread of the event loop.</summary>
internal sealed class CallSynchronizationContext(SimulatedCall call) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => call.Client.Post(call, () => Run(() => d(state)));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs code of the call so that its awaits capture this context.</summary>
    public void Run(Action action)
    {
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            // Whatever completes outside of a call's own code continues in place, and not by way of the pool.
            SetSynchronizationContext(null);
        }
    }
}
