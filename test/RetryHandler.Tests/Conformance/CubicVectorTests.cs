using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Conformance;

public sealed class CubicVectorTests
{
    [Vectors("cubic.cubic-success-1")]
    [Vectors("cubic.cubic-success-2-with-throttles")]
    public void OnResponse_SequenceOfResponses_FollowsTheCurve(Vector vector)
    {
        var given = vector.Json.GetProperty("given");
        var controller = new CubicController(given.Number("last_max_rate"), given.Number("last_throttle_time"));
        double? rate = null;
        foreach (var step in vector.Json.Items("cases"))
        {
            // No measured rate: the vectors give the curve before it is capped at twice that.
            var feedback = step.Flag("throttled") ? SendFeedback.Throttled : SendFeedback.Accepted;
            rate = controller.OnResponse(new(step.Number("t"), feedback, double.PositiveInfinity, rate)).Rate;

            Assert.That(rate, step.Near("calculated_rate"), $"t = {step.Number("t")}");
        }
    }

    [Vectors("cubic.time-window")]
    public void TimeWindow_LastMaxRate_IsTheTimeToComeBack(Vector vector) => Assert.That(
        CubicController.TimeWindow(vector.Json.Number("last_max_rate")), vector.Json.Near("time_window_s"));

    [Vectors("cubic.t0-equals-beta-decrease")]
    public void Grow_AtTheInstantOfAThrottle_IsTheCutRate(Vector vector)
    {
        var controller = new CubicController(now: 0);

        var cut = controller.Throttle(vector.Json.Number("rate"), vector.Json.Number("throttle_t"));

        Assert.That(cut, vector.Json.Near("new_rate"));
        Assert.That(controller.Grow(vector.Json.Number("throttle_t")), vector.Json.Near("success_at_same_t"));
    }
}
