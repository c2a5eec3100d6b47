namespace RetryHandler.Simulation.Clients;

/// <summary>The innermost handler: hands attempts to the simulated network.</summary>
internal sealed class SimulatedTransport(SimulationRun run) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        new Attempt((SimulatedCall)request, run, cancellationToken).SendAsync();
}
