namespace RetryHandler.Simulation.Engine;

/// <summary>One scenario, one contender, one seed: a world from its beginning to its end.</summary>
internal sealed class SimulationRun
{
    private const double SampleEvery = 0.25;

    private long _number;

    public SimulationRun(Scenario scenario, Contender contender, int seed)
    {
        (Scenario, Contender, Seed) = (scenario, contender, seed);
        Chance = new Chance(seed);
        Recorder = new Recorder();
        Upstream = scenario.Upstream(this);
        Clients =
        [
            .. Enumerable.Range(0, scenario.Processes).Select(i => new SimulatedClient(this, i, (seed * 100) + i)),
        ];
    }

    public Scenario Scenario { get; }

    public Contender Contender { get; }

    public int Seed { get; }

    public EventLoop Loop { get; } = new();

    public Chance Chance { get; }

    public Recorder Recorder { get; }

    public IUpstream Upstream { get; }

    public IReadOnlyList<SimulatedClient> Clients { get; }

    /// <summary>Gets the time until which things are measured: the end of the last call, or of the scenario.</summary>
    public double Duration { get; private set; }

    public void Run()
    {
        Scenario.Load.Start(this);
        Sample();
        Loop.Run(Scenario.Seconds, () => Recorder.Calls.Count >= Scenario.Load.Calls);
        Duration = Recorder.Calls.Count >= Scenario.Load.Calls ? Loop.Now : Scenario.Seconds;
    }

    public long NextNumber() => ++_number;

    /// <summary>Gets the time that one message takes: half of the latency, a little more or less.</summary>
    public double OneWay() => Scenario.Latency / 2 * Chance.Between(1 - Scenario.Jitter, 1 + Scenario.Jitter);

    public void Send(Attempt attempt)
    {
        attempt.Call.Attempts++;
        Recorder.OnSend(Loop.Now, isEarly: Loop.Now < attempt.Call.NotBefore);
        Loop.After(OneWay(), () => Upstream.Receive(attempt));
    }

    public void OnEnded(SimulatedCall call)
    {
        call.End = Loop.Now;
        Recorder.Calls.Add(
            new CallRecord(call.Client.Index, call.Start, call.End, call.Attempts, call.Succeeded));
        call.OnEnd(call);
    }

    private void Sample()
    {
        Recorder.Samples.Add(new Sample(
            Loop.Now,
            Upstream.Queued + Clients.Sum(client => client.Rate.Waiting),
            Clients.Sum(client => client.Rate.IsLimiting ? client.Rate.FillRate : 0)));
        Loop.After(SampleEvery, Sample);
    }
}
