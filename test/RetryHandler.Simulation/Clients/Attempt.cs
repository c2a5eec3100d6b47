namespace RetryHandler.Simulation.Clients;

/// <summary>One attempt on its way to the upstream and back.</summary>
internal sealed class Attempt(SimulatedCall call, SimulationRun run, CancellationToken cancellationToken)
{
    // Without asynchronous continuations: the library's code goes on within the event that brings the answer.
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new();
    private CancellationTokenRegistration _registration;

    public SimulatedCall Call => call;

    public Task<HttpResponseMessage> SendAsync()
    {
        _registration = cancellationToken.UnsafeRegister(static state => ((Attempt)state!).Abandon(), this);
        run.Send(this);
        return _answer.Task;
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
        if (_answer.Task.IsCompleted)
        {
            return;
        }

        call.NotBefore = Math.Max(call.NotBefore, notBefore);
        _registration.Dispose();
        var response = answer.ToResponse();
        response.RequestMessage = call;
        call.Client.Enter(call.Number, () => _answer.SetResult(response));
    }

    private void Abandon()
    {
        call.Client.OnOwnStep(call.Number);
        _answer.TrySetCanceled(cancellationToken);
    }
}
