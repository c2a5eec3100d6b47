namespace RetryHandler.Simulation.Measuring;

/// <summary>Figures that only some scenarios have.</summary>
internal static class Extras
{
    /// <summary>Jain's index of fairness between the processes: 1 when all are equal, 1/n when one has all.</summary>
    public static double Jain(SimulationRun run, int processes, double from, double to)
    {
        var shares = new double[processes];
        foreach (var call in run.Recorder.Calls)
        {
            if (call.Succeeded && call.End >= from && call.End < to)
            {
                shares[call.Client]++;
            }
        }

        return Math.Pow(shares.Sum(), 2) / (processes * shares.Sum(share => share * share));
    }

    /// <summary>Computes the seconds until the upstream accepts 90 % of a new rate, over 2 seconds.</summary>
    public static double TimeToRate(SimulationRun run, double step, double rate)
    {
        const double Span = 2;
        var accepted = run.Recorder.Accepted;
        var needed = (int)Math.Ceiling(0.9 * rate * Span);
        for (var i = accepted.FindIndex(time => time >= step); i >= 0 && i + needed <= accepted.Count; i++)
        {
            if (accepted[i + needed - 1] - accepted[i] < Span)
            {
                return accepted[i] - step;
            }
        }

        return double.PositiveInfinity;
    }

    /// <summary>Computes the seconds until 90 % of the calls begun in 5 seconds succeed again.</summary>
    public static double TimeToHealth(SimulationRun run, double from)
    {
        const double Span = 5;
        for (var start = from; start + Span <= run.Duration; start++)
        {
            var calls = run.Recorder.Calls.Where(call => call.Start >= start && call.Start < start + Span).ToArray();
            if (calls.Count(call => call.Succeeded) >= 0.9 * calls.Length)
            {
                return start - from;
            }
        }

        return double.PositiveInfinity;
    }

    /// <summary>Computes the share of successes among the calls begun in a stretch of time.</summary>
    public static double SuccessShare(SimulationRun run, double from, double to)
    {
        var calls = run.Recorder.Calls.Where(call => call.Start >= from && call.Start < to).ToArray();
        return calls.Count(call => call.Succeeded) / (double)calls.Length;
    }

    /// <summary>Computes the share of the attempts that was refused from an instant on.</summary>
    public static double RefusedShare(SimulationRun run, double from)
    {
        var refused = (double)run.Recorder.Refused.Count(time => time >= from);
        return refused / (refused + run.Recorder.Accepted.Count(time => time >= from));
    }

    /// <summary>Finds the most refusals within one second: what a hot loop shows in.</summary>
    public static int PeakOfRefusals(SimulationRun run)
    {
        var refused = run.Recorder.Refused;
        var (peak, first) = (0, 0);
        for (var last = 0; last < refused.Count; last++)
        {
            while (refused[first] <= refused[last] - 1)
            {
                first++;
            }

            peak = Math.Max(peak, last - first + 1);
        }

        return peak;
    }

    /// <summary>Finds the longest time that a call took which began at a certain instant or later.</summary>
    public static double Longest(SimulationRun run, double from = 0) =>
        run.Recorder.Calls.Where(call => call.Start >= from).Max(call => call.Duration);
}
