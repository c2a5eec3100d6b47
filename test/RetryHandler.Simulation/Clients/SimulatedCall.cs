namespace RetryHandler.Simulation.Clients;

/// <summary>One logical call: a request, however many attempts it takes.</summary>
internal sealed class SimulatedCall(SimulatedClient client, long number, double start, Action<SimulatedCall> onEnd)
    : HttpRequestMessage(HttpMethod.Get, Address)
{
    private static readonly Uri Address = new("http://upstream/");

    public SimulatedClient Client { get; } = client;

    public long Number { get; } = number;

    public double Start { get; } = start;

    public double End { get; set; }

    public int Attempts { get; set; }

    public bool Succeeded { get; set; }

    /// <summary>Gets or sets the instant before which the upstream truly wants no other attempt of this call.</summary>
    public double NotBefore { get; set; }

    public Action<SimulatedCall> OnEnd { get; } = onEnd;
}
