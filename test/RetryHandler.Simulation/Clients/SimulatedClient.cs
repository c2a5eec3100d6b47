using RetryHandler.Pipeline;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;
using RetryHandler.State;

namespace RetryHandler.Simulation.Clients;

/// <summary>One client process: the library's real loop and state, on simulated time and network.</summary>
internal sealed class SimulatedClient
{
    private readonly Inbox _inbox = new();
    private readonly ClientState _state;
    private readonly SimulationRun _run;
    private readonly SimulatedTime _time;
    private readonly TimeSpan? _callTimeout;
    private int _waiting;

    public SimulatedClient(SimulationRun run, int index, int seed)
    {
        (_run, Index) = (run, index);
        var scenario = run.Scenario;
        _callTimeout = scenario.CallTimeout;
        _time = new SimulatedTime(run.Loop, callback => Enter(own: -1, callback), scenario.ClientClockError);

        var options = new AdaptiveRetryOptions();
        scenario.Configure?.Invoke(options);
        run.Contender.Configure(options);
        var random = new Random(seed);

        // From 0 excluded to 1 included: a backoff of exactly zero would take a token in the step that gave one away.
        _state = new ClientState(
            "simulated",
            options,
            _time,
            pipelines: new AttemptPipelineSource(_time),
            nextDouble: () => 1 - random.NextDouble(),
            controller: run.Contender.Controller?.Invoke());
    }

    public int Index { get; }

    public SendRateState Rate => _state.Limiter.State;

    /// <summary>Starts a call; its end is told in an event of its own.</summary>
    public void Start(Action<SimulatedCall> onEnd)
    {
        var call = new SimulatedCall(this, _run.NextNumber(), _run.Loop.Now, onEnd);
        Enter(call.Number, () => call.Context.Run(() => _ = RunAsync(call)));
    }

    /// <summary>Runs code of this process, and then whatever its calls do because of it.</summary>
    /// <param name="own">The call whose step it is; -1 when that is not known.</param>
    /// <param name="step">Enters the library.</param>
    /// <param name="expected">How many calls surely continue on pool threads.</param>
    public void Enter(long own, Action step, int expected = 0)
    {
        do
        {
            _inbox.BeginStep(own, expected);
            step();
            var waiting = Rate.Waiting;
            _inbox.WaitFor(released: _waiting - waiting);
            (_waiting, expected) = (waiting, 0);
        }
        while (_inbox.TryTake(out step, out own));
    }

    /// <summary>Notes that the present step turned out to be that of a certain call.</summary>
    public void OnOwnStep(long call) => _inbox.OwnStep(call);

    public void Post(SimulatedCall call, Action continuation) => _inbox.Post(call.Number, continuation);

    private async Task RunAsync(SimulatedCall call)
    {
        using var timeout = new CancellationTokenSource();
        if (_callTimeout is { } limit)
        {
            _run.Loop.AfterTicks(limit.Ticks, () => Cancel(call, timeout));
        }

        try
        {
            var sender = new SimulatedSender(call, _run);
            using var response = await _state.Loop.RunAsync(sender, call, timeout.Token);
            call.Succeeded = response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is SendRateLimitedException or OperationCanceledException)
        {
            call.Succeeded = false;
        }
        catch (Exception e)
        {
            // Nobody awaits this task: a defect must end the run, not leave a call out of the figures.
            _run.Loop.After(0, () => throw new InvalidOperationException("The library failed.", e));
            return;
        }

        _run.OnEnded(call);
    }

    private void Cancel(SimulatedCall call, CancellationTokenSource source)
    {
        if (!call.HasEnded)
        {
            // A cancelled Task.Delay continues on a pool thread, as a cancelled waiter does.
            Enter(own: -1, source.Cancel, expected: 1);
        }
    }
}
