using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Conformance;

/// <summary>The send tokens as callers see them: who waits, and for how long.</summary>
/// <remarks>Where a vector acquires n tokens in one piece, n callers acquire one each; the last counts.</remarks>
public sealed class SendTokenVectorTests
{
    private readonly ManualTimeProvider _time = new();

    [Vectors("token_bucket.botocore-min-capacity")]
    [Vectors("token_bucket.botocore-min-rate")]
    [Vectors("token_bucket.ruby-floor")]
    public void OnResponse_LowRate_KeepsFloorAndCapacity(Vector vector)
    {
        var settings = new SendRateSettings();
        if (vector.Json.Has("given") && vector.Json.GetProperty("given").Has("min_rate"))
        {
            settings = settings with { MinRate = vector.Json.GetProperty("given").Number("min_rate") };
        }

        var step = vector.Json.Items("steps")[0];
        var limiter = FixedRate.WakeUp(new FixedRate(step.Number("set_rate")), _time, settings);

        Assert.That(
            limiter.State.FillRate,
            step.Near(step.Has("max_rate_after") ? "max_rate_after" : "fill_rate_after"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(limiter.State.Tokens, Is.EqualTo(step.Number("max_capacity_after", 1)));
    }

    [Vectors("token_bucket.botocore-blocks")]
    public async Task AcquireAsync_TooEarly_WaitsForTheRest(Vector vector)
    {
        var limiter = FixedRate.WakeUp(new FixedRate(vector.Json.GetProperty("given").Number("max_rate")), _time);
        foreach (var step in vector.Json.Items("steps"))
        {
            _time.Advance(step.Seconds("t") - _time.Elapsed);

            await _time.RunAsync(limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask());

            Assert.That(_time.Elapsed.TotalSeconds, step.Near(step.Has("granted_at") ? "granted_at" : "t"));
            if (step.Has("capacity_after"))
            {
                Assert.That(limiter.State.Tokens, Is.EqualTo(step.Number("capacity_after")).Within(1e-9));
            }
        }
    }

    [Vectors("token_bucket.kotlin-waits[0]")]
    public void AcquireAsync_Dormant_GrantsAtOnce(Vector vector)
    {
        Assert.That(vector.Json.Flag("enabled"), Is.False);
        var limiter = new SendRateLimiter("test", new SendRateSettings(), new FixedRate(1), _time);

        Assert.That(limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask().IsCompletedSuccessfully, Is.True);
    }

    [Vectors("token_bucket.kotlin-waits[1]")]
    [Vectors("token_bucket.kotlin-waits[2]")]
    public async Task AcquireAsync_Awake_LastCallerWaitsForAllTokens(Vector vector)
    {
        var limiter = FixedRate.WakeUp(new FixedRate(vector.Json.Number("fill")), _time);
        _time.Advance(TimeSpan.FromSeconds(vector.Json.Number("idle_before_s", 0)));
        var start = _time.Elapsed;

        await _time.RunAsync(AcquireManyAsync(limiter, vector.Json.Integer("acquire")));

        Assert.That((_time.Elapsed - start).TotalSeconds, vector.Json.Near("wait_s"));
    }

    /// <summary>A response during the wait is taken in at once and does not disturb those who wait.</summary>
    [Vectors("token_bucket.kotlin-waits[3]")]
    public async Task OnResponse_WhileCallersWait_ReturnsAtOnce(Vector vector)
    {
        var limiter = FixedRate.WakeUp(new FixedRate(vector.Json.Number("fill")), _time);
        var callers = AcquireManyAsync(limiter, vector.Json.Integer("acquire"));
        _time.Advance(TimeSpan.FromSeconds(1));

        limiter.OnResponse(throttled: false);

        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(callers.IsCompleted, Is.False);
        await _time.RunAsync(callers);
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(1 + 9)));
    }

    private static Task<SendPermit[]> AcquireManyAsync(SendRateLimiter limiter, int callers) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(
            _ => limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask()));
}
