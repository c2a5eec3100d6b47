using System.Text.Json;
using RetryHandler.Backoff;
using RetryHandler.Quota;
using RetryHandler.Retry;

namespace RetryHandler.Tests.Conformance;

public sealed class BackoffVectorTests
{
    [Vectors("backoff.v21-transient")]
    [Vectors("backoff.v20")]
    [Vectors("backoff.v21-throttling")]
    [Vectors("backoff.v21-dynamodb")]
    public void Compute_LongestJitter_GivesTheDelays(Vector vector)
    {
        var settings = new BackoffSettings(vector.Json.Seconds("base_s"), vector.Json.Seconds("cap_s"));

        var delays = vector.Json.Items("delays_s").Select(
            (_, index) => BackoffCalculator.Compute(settings, index, vector.Json.Number("jitter")).TotalSeconds);

        Assert.That(delays, Is.EqualTo(vector.Json.Numbers("delays_s")).Within(1e-9));
    }

    [Vectors("backoff.range-attempt-3")]
    public void Compute_AnyJitter_StaysInTheRange(Vector vector)
    {
        var bounds = vector.Json.Numbers("between_s");

        var delays = Enumerable.Range(0, 1_000).Select(i => Compute(vector, i / 1_000d)).ToList();

        Assert.That(delays, Has.All.InRange(bounds[0], bounds[1]));
        Assert.That(delays.Max() - delays.Min(), Is.GreaterThan(0.9 * (bounds[1] - bounds[0])));
    }

    [Vectors("backoff.uniform-at-cap")]
    public void Compute_CapReached_IsUniform(Vector vector)
    {
        var samples = vector.Json.Integer("samples");
        var random = new Random(20261121);
        var bars = new int[20];

        for (var i = 0; i < samples; i++)
        {
            bars[(int)Compute(vector, random.NextDouble())]++;
        }

        var mean = samples / (double)bars.Length;
        Assert.That(bars, Has.All.InRange(0.8 * mean, 1.2 * mean));
    }

    [Vectors("backoff.js-mixed-1")]
    [Vectors("backoff.js-mixed-2")]
    public void Plan_MixedFailures_TakesTheBaseOfEachAndCountsAllRetries(Vector vector)
    {
        var settings = RetrySettings.From(new AdaptiveRetryOptions { Mode = RetryMode.Standard, MaxAttempts = 100 });
        var quota = new RetryQuota(new(), new ManualTimeProvider());
        foreach (var step in vector.Json.Items("cases"))
        {
            var decision = Plan(settings, step.Text("type")!, step.Integer("retry_index"));

            Assert.That(decision.Stop, Is.Null);
            Assert.That(decision.Cost, Is.EqualTo(step.Integer("cost")));
            Assert.That(decision.Delay.TotalMilliseconds, step.Near("delay_ms"));
            Assert.That(quota.TryTake(decision.Cost), Is.True);
        }

        Assert.That(quota.Available, Is.EqualTo(vector.Json.Integer("capacity_after")));
    }

    [Vectors("backoff.js-pre2026-transient-8x")]
    [Vectors("backoff.js-pre2026-throttling-8x")]
    public void Plan_OptionsOfJavaScriptBefore2026_GivesItsDelaysAndCosts(Vector vector)
    {
        var options = new AdaptiveRetryOptions { Mode = RetryMode.Standard, MaxAttempts = 8 };
        options.Transient.BaseDelay = options.Throttled.BaseDelay = BaseOf(vector.Json);
        options.Quota.TransientCost = vector.Json.Integer("cost");
        options.Quota.ThrottledCost = options.Quota.TransientCost;
        var kind = vector.Key.Contains("throttling", StringComparison.Ordinal) ? "throttling" : "transient";
        var settings = RetrySettings.From(options);

        var decisions = vector.Json.Numbers("delays_ms").Select((_, index) => Plan(settings, kind, index)).ToList();

        Assert.That(
            decisions.Select(static decision => decision.Delay.TotalMilliseconds),
            Is.EqualTo(vector.Json.Numbers("delays_ms")).Within(1e-9));
        Assert.That(decisions.Select(static decision => decision.Cost), Has.All.EqualTo(vector.Json.Integer("cost")));
        Assert.That(Plan(settings, kind, decisions.Count).Stop, Is.EqualTo(RetryStopReason.AttemptsExhausted));
    }

    private static RetryDecision Plan(RetrySettings settings, string type, int retryIndex)
    {
        var kind = type == "throttling" ? FailureKind.Throttled : FailureKind.Transient;
        var situation = new RetrySituation(
            Attempt: retryIndex + 1,
            IsDisabled: false,
            CanReplay: true,
            IsIdempotent: true,
            HasBecomeAnother: false,
            TimeLeft: TimeSpan.MaxValue);
        return RetryPlanner.Plan(settings, new AttemptVerdict { Kind = kind }, situation, static () => 1);
    }

    private static TimeSpan BaseOf(JsonElement json) => TimeSpan.FromMilliseconds(json.Number("base_ms"));

    private static double Compute(Vector vector, double random)
    {
        var settings = new BackoffSettings(vector.Json.Seconds("base_s"), TimeSpan.FromSeconds(20));
        return BackoffCalculator.Compute(settings, vector.Json.Integer("retry_index"), random).TotalSeconds;
    }
}
