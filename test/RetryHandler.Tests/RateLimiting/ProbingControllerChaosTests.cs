using System.Globalization;
using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>The probing controller at upstreams that become another one every few seconds.</summary>
[TestFixture]
internal sealed class ProbingControllerChaosTests
{
    private const double ChaosEnd = 300;

    // CHAOS_SEEDS=1000 plays more of them: how many are not found again is in docs/rate-control.md.
    private static readonly int Seeds = int.Parse(
        Environment.GetEnvironmentVariable("CHAOS_SEEDS") ?? "200", CultureInfo.InvariantCulture);

    [Test]
    public void Rate_Chaos_NeverStandsStill() => Assert.That(
        Enumerable.Range(1, Seeds).Select(seed => Chaos(seed, until: ChaosEnd)).Where(fault => fault is not null),
        Is.Empty);

    [Test]
    public void Rate_Chaos_IsBackWithinFiveMinutes() => Assert.That(
        Enumerable.Range(1, Seeds).Select(seed => Chaos(seed, until: ChaosEnd + 300)).Where(fault => fault is not null),
        Is.Empty);

    /// <summary>Runs at an upstream that is in turn healthy, down, full, broken, or counts windows.</summary>
    /// <returns>What went wrong.</returns>
    private static string? Chaos(int seed, double until)
    {
        var random = new Random(seed);
        var callers = random.Next(5, 100);
        var roundTrip = Math.Pow(10, -2.5 * random.NextDouble());
        var run = new ControllerRun(new ChaosUpstream(random, ChaosEnd).Answer, callers, roundTrip);
        var isBack = until == ChaosEnd;
        try
        {
            run.RunUntil(ChaosEnd);
            while (!isBack && run.Now < until)
            {
                isBack = run.RateOf(10) > 0.5 * Math.Min(ChaosUpstream.HealthyRate, callers / roundTrip);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return $"seed {seed}: {e.Message}";
        }

        return isBack ? null : $"seed {seed}: {run}";
    }
}
