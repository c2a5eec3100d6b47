using System.Collections.Concurrent;

namespace RetryHandler.Simulation.Scenarios;

/// <summary>Runs scenarios, several at a time.</summary>
internal static class Scoreboard
{
    /// <summary>Gets all rows: first those that the controllers were made for, then the others.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. RateScenarios.All,
        .. WindowScenarios.All,
        .. SharedScenarios.All,
        .. HintScenarios.All,
        .. SocketScenarios.All,
        .. PublishedScenarios.All,
        .. IrregularScenarios.All,
    ];

    /// <summary>Runs every scenario with every contender.</summary>
    /// <param name="scenarios">The rows.</param>
    /// <param name="contenders">The contenders of each row, beside its baselines.</param>
    /// <param name="seeds">How many seeds; the figures are medians over them.</param>
    /// <param name="onRun">Called after each run, by one thread at a time, with how many are done, of how many.</param>
    public static IReadOnlyList<Score> Play(
        IReadOnlyList<Scenario> scenarios,
        IReadOnlyList<Contender> contenders,
        int seeds,
        Action<SimulationRun, int, int>? onRun = null)
    {
        var jobs = scenarios
            .SelectMany(scenario => scenario.Baselines.Union(contenders).Select(contender => (scenario, contender)))
            .SelectMany(pair => Enumerable.Range(1, seeds).Select(seed => (pair.scenario, pair.contender, seed)))
            .ToArray();
        var figures = new IReadOnlyList<Figure>[jobs.Length];
        var (done, gate) = (0, new Lock());
        InParallel(jobs.Length, i =>
        {
            var run = new SimulationRun(jobs[i].scenario, jobs[i].contender, jobs[i].seed);
            run.Run();
            figures[i] = Figures.Of(run);
            lock (gate)
            {
                onRun?.Invoke(run, ++done, jobs.Length);
            }
        });

        return
        [
            .. from job in jobs.Zip(figures)
               group job.Second by (job.First.scenario, job.First.contender) into runs
               select new Score(runs.Key.scenario, runs.Key.contender, Figures.Median([.. runs])),
        ];
    }

    /// <summary>Uses threads of its own: the pool's are needed to continue the calls that a limiter lets go.</summary>
    private static void InParallel(int count, Action<int> action)
    {
        var queue = new ConcurrentQueue<int>(Enumerable.Range(0, count));
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (!failures.IsEmpty)
        {
            throw new AggregateException(failures);
        }

        void Work()
        {
            while (failures.IsEmpty && queue.TryDequeue(out var i))
            {
                try
                {
                    action(i);
                }
                catch (Exception e)
                {
                    failures.Enqueue(e);
                }
            }
        }
    }
}
