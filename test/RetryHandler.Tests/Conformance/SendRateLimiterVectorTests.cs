using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Conformance;

/// <summary>The AWS limiter as a whole: meter, cubic controller and token bucket under one lock.</summary>
public sealed class SendRateLimiterVectorTests
{
    private readonly ManualTimeProvider _time = new();

    [Vectors("limiter_end_to_end.sending-rates")]
    public void OnResponse_SequenceOfResponses_GivesTheRates(Vector vector)
    {
        var limiter = NewLimiter();
        var throttledBefore = false;
        foreach (var step in vector.Json.Items("cases"))
        {
            MoveTo(step.Number("t"));
            limiter.OnResponse(step.Flag("throttled"));
            throttledBefore |= step.Flag("throttled");

            var state = limiter.State;
            Assert.That(state.MeasuredRate, step.Near("measured_tx_rate"), $"t = {step.Number("t")}");
            Assert.That(state.FillRate, step.Near("fill_rate"), $"t = {step.Number("t")}");
            Assert.That(state.IsLimiting, Is.EqualTo(throttledBefore), $"t = {step.Number("t")}");
        }
    }

    [Vectors("limiter_end_to_end.js-first-throttle-wait")]
    public async Task AcquireAsync_AfterAThrottleAsFirstResponse_WaitsForOneToken(Vector vector)
    {
        var limiter = NewLimiter();
        MoveTo(vector.Json.Number("t"));
        limiter.OnResponse(throttled: true);
        var state = limiter.State;
        Assert.That(1000 * (1 - state.Tokens) / state.FillRate, vector.Json.Near("wait_ms"));

        await _time.RunAsync(limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask());

        // Timers count whole milliseconds and a wait never ends early.
        var waited = _time.Elapsed.TotalMilliseconds - (1000 * vector.Json.Number("t"));
        Assert.That(waited, Is.EqualTo(Math.Ceiling(vector.Json.Number("wait_ms"))).Within(1e-9));
    }

    [Vectors("token_bucket.rust-blip-recovery")]
    public async Task AcquireAsync_AfterAShortBlip_Recovers(Vector vector)
    {
        var given = vector.Json.GetProperty("given");
        var then = vector.Json.GetProperty("then");
        var limiter = NewLimiter();
        for (var i = 0; i < given.Integer("throttles"); i++)
        {
            limiter.OnResponse(throttled: true);
            _time.Advance(given.Seconds("spacing_s"));
        }

        Assert.That(limiter.State.FillRate, vector.Json.GetProperty("expected_after").Near("fill_rate"));
        var granted = 0;
        for (var round = 0; round < then.Integer("rounds"); round++)
        {
            _time.Advance(then.Seconds("round_s"));
            for (var task = 0; task < then.Integer("tasks_per_round"); task++)
            {
                granted += await TryAcquireAsync(limiter) ? 1 : 0;
            }

            Assert.That(limiter.State.Tokens, Is.GreaterThanOrEqualTo(then.Number("capacity_at_least")));
        }

        Assert.That(granted, Is.GreaterThan(then.Integer("granted_total_more_than")));
    }

    private static async Task<bool> TryAcquireAsync(SendRateLimiter limiter)
    {
        try
        {
            await limiter.AcquireAsync(TimeSpan.Zero, default);
        }
        catch (SendRateLimitedException)
        {
            return false;
        }

        limiter.OnResponse(throttled: false);
        return true;
    }

    private SendRateLimiter NewLimiter() =>
        new("test", new SendRateSettings(), new CubicController(now: 0), _time);

    private void MoveTo(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds) - _time.Elapsed);
}
