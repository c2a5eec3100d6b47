using RetryHandler.Retry;

namespace RetryHandler.Simulation.Clients;

/// <summary>The loop's third door: hands attempts to the simulated network, on the event loop's thread.</summary>
internal readonly struct SimulatedSender(SimulatedCall call, SimulationRun run) : IAttemptSender
{
    public bool IsSynchronous => false;

    public bool ContinueOnCapturedContext => true;

    public ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage? request, CancellationToken cancellationToken) =>
        new(new Attempt(call, run, cancellationToken).SendAsync());
}
