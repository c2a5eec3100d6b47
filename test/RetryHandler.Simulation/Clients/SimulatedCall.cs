namespace RetryHandler.Simulation.Clients;

/// <summary>One logical call: a request, however many attempts it takes.</summary>
internal sealed class SimulatedCall : HttpRequestMessage
{
    private static readonly Uri Address = new("http://upstream/");

    public SimulatedCall(SimulatedClient client, long number, double start, Action<SimulatedCall> onEnd)
        : base(HttpMethod.Get, Address)
    {
        (Client, Number, Start, OnEnd) = (client, number, start, onEnd);
        Context = new CallSynchronizationContext(this);
    }

    public SimulatedClient Client { get; }

    public long Number { get; }

    public double Start { get; }

    public double End { get; set; } = double.NaN;

    public bool HasEnded => !double.IsNaN(End);

    public int Attempts { get; set; }

    public bool Succeeded { get; set; }

    /// <summary>Gets or sets the instant before which the upstream truly wants no other attempt of this call.</summary>
    public double NotBefore { get; set; }

    public Action<SimulatedCall> OnEnd { get; }

    public CallSynchronizationContext Context { get; }
}
