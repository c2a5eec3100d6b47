namespace RetryHandler.Tests.Conformance;

/// <summary>Waits for send tokens on a clock that oversleeps or undersleeps: the tokens count, not the timer.</summary>
public sealed class SendTokenRecheckVectorTests
{
    private readonly InexactTimeProvider _time = new();

    [Vectors("token_bucket.js-recheck[0]")]
    public async Task AcquireAsync_Oversleeps_LeavesNoDebt(Vector vector)
    {
        var limiter = FixedRate.WakeUp(new FixedRate(vector.Json.Number("fill")), _time);
        _time.Advance(TimeSpan.FromSeconds(vector.Json.Number("capacity") / vector.Json.Number("fill")));
        Assert.That(limiter.State.Tokens, vector.Json.Near("capacity"));
        var caller = limiter.AcquireAsync(TimeSpan.MaxValue, default);

        _time.Wake(vector.Json.Seconds("sleep_advances_s"));
        await caller;

        Assert.That(limiter.State.Tokens, Is.GreaterThanOrEqualTo(0));
    }

    [Vectors("token_bucket.js-recheck[1]")]
    public async Task AcquireAsync_RateFallsDuringTheWait_SleepsAgain(Vector vector)
    {
        var controller = new FixedRate(vector.Json.Number("fill"));
        var limiter = FixedRate.WakeUp(controller, _time);
        var caller = limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask();

        controller.Rate = vector.Json.GetProperty("during_first_sleep").Number("fill");
        limiter.OnResponse(throttled: true);
        var sleeps = 1;
        for (_time.Wake(vector.Json.Seconds("sleep_advances_s")); limiter.State.Waiting > 0; sleeps++)
        {
            _time.Wake(vector.Json.Seconds("sleep_advances_s"));
        }

        await caller;
        Assert.That(sleeps, Is.GreaterThan(1));
        Assert.That(_time.GetElapsedTime(0).TotalSeconds, Is.EqualTo(1 / controller.Rate).Within(1e-9));
    }

    /// <summary>The two refills of the vector are at the start and the end of the wait: no time counts twice.</summary>
    [Vectors("token_bucket.js-recheck[2]")]
    public async Task AcquireAsync_OneSleep_CountsTheTimeOnce(Vector vector)
    {
        var fill = vector.Json.Number("fill");
        var slept = vector.Json.Number("sleep_advances_s");
        var limiter = FixedRate.WakeUp(new FixedRate(fill), _time);
        var caller = limiter.AcquireAsync(TimeSpan.MaxValue, default);

        _time.Wake(TimeSpan.FromSeconds(slept));
        await caller;

        Assert.That(_time.Sleeps, Is.EqualTo(1));
        Assert.That(limiter.State.Tokens, Is.EqualTo((fill * slept) - 1).Within(1e-9));
    }
}
