namespace RetryHandler.Simulation.Upstreams;

/// <summary>Answers by the clock: for refusals with hints of any kind, hostile ones included.</summary>
/// <param name="run">The run.</param>
/// <param name="answer">Chooses an answer by the time in seconds.</param>
internal sealed class ScriptedUpstream(SimulationRun run, Func<double, Answer> answer) : IUpstream
{
    public void Receive(Attempt attempt) => attempt.Answer(answer(run.Loop.Now));

    public double CapacityUntil(double seconds) => double.NaN;

    public double RateAt(double seconds) => double.NaN;
}
