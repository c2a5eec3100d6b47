namespace RetryHandler.Simulation.Clients;

/// <summary>One attempt on its way to the upstream and back.</summary>
internal sealed class Attempt(SimulatedCall call, SimulationRun run, CancellationToken cancellationToken)
{
    // Without asynchronous continuations: the library's code goes on within the event that brings the answer.
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new();
    private CancellationTokenRegistration _registration;

    public SimulatedCall Call => call;

    public bool IsAbandoned => _answer.Task.IsCanceled;

    public Task<HttpResponseMessage> SendAsync()
    {
        _registration = cancellationToken.UnsafeRegister(static state => ((Attempt)state!).Abandon(), this);
        call.Client.Post(call, () => run.Send(this));
        return _answer.Task;
    }

    /// <summary>Sends the upstream's answer on its way back.</summary>
    /// <param name="answer">Status and hints.</param>
    public void Answer(in Answer answer)
    {
        run.Recorder.OnAnswer(answer.IsRefusal, run.Loop.Now);
        var response = answer.ToResponse();
        var notBefore = run.Loop.Now + (answer.TrueDelay ?? double.NegativeInfinity);
        run.Loop.After(run.OneWay(), () => Deliver(response, notBefore));
    }

    private void Deliver(HttpResponseMessage response, double notBefore)
    {
        if (IsAbandoned)
        {
            return;
        }

        call.NotBefore = Math.Max(call.NotBefore, notBefore);
        _registration.Dispose();
        response.RequestMessage = call;
        call.Client.Enter(call.Number, () => _answer.TrySetResult(response));
    }

    private void Abandon()
    {
        call.Client.OnOwnStep(call.Number);
        _answer.TrySetCanceled(cancellationToken);
    }
}
