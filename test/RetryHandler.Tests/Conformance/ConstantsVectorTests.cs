using RetryHandler.Backoff;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;

namespace RetryHandler.Tests.Conformance;

/// <summary>The constants of the AWS rules, each seen from what it does.</summary>
public sealed class ConstantsVectorTests
{
    [Vectors("constants.limiter")]
    public void Limiter_Constant_HasTheValue(Vector vector)
    {
        double actual = vector.Name switch
        {
            "min_fill_rate" => CubicController.MinRate,
            "min_capacity" => TokensAfterAnIdleHour(fillRate: 0.5),
            "smooth" => MeasuredRateAfterOneResponseAt(1),
            "beta" => new CubicController(now: 0).Throttle(rateInUse: 1, now: 0),
            "scale_constant" => new CubicController(lastMaxRate: 0, lastThrottle: 0).Grow(now: 1),
            "measure_bucket_s" => Enumerable.Range(1, 200).Select(static i => i / 100d).First(
                static time => MeasuredRateAfterOneResponseAt(time) > 0),
            "max_rate_multiple_of_measured" => new CubicController(now: 0)
                .OnResponse(new(1_000, SendFeedback.Accepted, MeasuredRate: 1, FillRate: 1)).Rate,
            "tokens_per_attempt" => TokensTakenByAnAttempt(),
            _ => double.NaN,
        };

        Assert.That(actual, vector.Json.Near());
    }

    [Vectors("constants.standard_2_1")]
    public Task Standard21_Constant_HasTheValue(Vector vector) =>
        vector.Name == "refund_success_after_retry" ? CheckRefundAsync(vector) : Check(vector, AwsModes.Standard21);

    [Vectors("constants.standard_2_0")]
    public Task Standard20_Constant_HasTheValue(Vector vector) => Check(vector, AwsModes.Standard20);

    /// <summary>Refunding all retries would give a failing upstream new retries as fast as it uses them up.</summary>
    private static async Task CheckRefundAsync(Vector vector)
    {
        Assert.That(vector.Json.GetString(), Is.EqualTo("cost of the last retry only"));
        var time = new ManualTimeProvider();
        var upstream = new ScriptedHandler(
            time, ScriptedHandler.Status(500), ScriptedHandler.Status(429), AwsAnswer.Success);
        using var client = new ClientUnderTest(time, upstream, AwsModes.Standard21);

        await client.GetAsync();

        Assert.That(client.Quota.Available, Is.EqualTo(500 - 14));
    }

    private static Task Check(Vector vector, Action<AdaptiveRetryOptions> mode)
    {
        var options = new AdaptiveRetryOptions();
        mode(options);
        var settings = RetrySettings.From(options);
        var transient = settings.Transient;
        double actual = vector.Name switch
        {
            "quota_capacity" => options.Quota.Capacity,
            "cost_transient" or "cost_retry" => transient.Cost,
            "cost_throttling" => settings.Throttled.Cost,
            "cost_timeout" => settings.TransientTimeout.Cost,
            "refund_first_try_success" => options.Quota.FirstTryRefund,
            "base_transient_s" or "base_s" => transient.Backoff.BaseDelay.TotalSeconds,
            "base_throttling_s" => settings.Throttled.Backoff.BaseDelay.TotalSeconds,
            "max_backoff_s" => transient.Backoff.MaxDelay.TotalSeconds,
            "growth" =>
                BackoffCalculator.Compute(transient.Backoff, 1, 1) / BackoffCalculator.Compute(transient.Backoff, 0, 1),
            "max_attempts" => transient.MaxAttempts,
            "retry_after_extra_max_s" =>
                BackoffCalculator.Combine(TimeSpan.Zero, null, TimeSpan.FromDays(1), 0).TotalSeconds,
            _ => double.NaN,
        };

        Assert.That(actual, vector.Json.Near());
        return Task.CompletedTask;
    }

    private static double MeasuredRateAfterOneResponseAt(double time)
    {
        var meter = new SendRateMeter(now: 0);
        meter.Record(time);
        return meter.Rate;
    }

    private static double TokensAfterAnIdleHour(double fillRate)
    {
        var time = new ManualTimeProvider();
        var limiter = FixedRate.WakeUp(new FixedRate(fillRate), time);
        time.Advance(TimeSpan.FromHours(1));
        return limiter.State.Tokens;
    }

    private static double TokensTakenByAnAttempt()
    {
        var time = new ManualTimeProvider();
        var limiter = FixedRate.WakeUp(new FixedRate(10), time);
        time.Advance(TimeSpan.FromSeconds(30));
        var before = limiter.State.Tokens;
        Assert.That(limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask().IsCompletedSuccessfully, Is.True);
        return before - limiter.State.Tokens;
    }
}
