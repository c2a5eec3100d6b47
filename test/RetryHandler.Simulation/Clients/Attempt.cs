namespace RetryHandler.Simulation.Clients;

/// <summary>One attempt on its way to the upstream and back.</summary>
internal sealed class Attempt(SimulatedCall call, SimulationRun run, CancellationToken cancellationToken)
{
    // Without asynchronous continuations: the library's code goes on within the event that brings the answer.
    private readonly TaskCompletionSource<AttemptOutcome> _outcome = new();
    private CancellationTokenRegistration _registration;

    public SimulatedCall Call => call;

    public Task<AttemptOutcome> SendAsync()
    {
        _registration = cancellationToken.UnsafeRegister(static state => ((Attempt)state!).Abandon(), this);
        run.Send(this);
        return _outcome.Task;
    }

    /// <summary>Sends the upstream's answer on its way back.</summary>
    public void Answer(Answer answer)
    {
        run.Recorder.OnAnswer(answer.IsRefusal, run.Loop.Now);
        var notBefore = run.Loop.Now + (answer.TrueDelay ?? double.NegativeInfinity);
        run.Loop.After(run.OneWay(), () => Deliver(answer, notBefore));
    }

    private void Deliver(Answer answer, double notBefore)
    {
        if (_outcome.Task.IsCompleted)
        {
            return;
        }

        call.NotBefore = Math.Max(call.NotBefore, notBefore);
        _registration.Dispose();
        var response = answer.ToResponse();
        response.RequestMessage = call;
        call.Client.Enter(call.Number, () => _outcome.SetResult(new AttemptOutcome(response)));
    }

    private void Abandon()
    {
        call.Client.OnOwnStep(call.Number);
        _outcome.TrySetResult(new AttemptOutcome(new TaskCanceledException(null, null, cancellationToken)));
    }
}
