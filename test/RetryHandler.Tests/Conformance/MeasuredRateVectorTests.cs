using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Conformance;

public sealed class MeasuredRateVectorTests
{
    [Vectors("measured_rate.single-at-1s")]
    public void Record_Responses_GiveTheRates(Vector vector) =>
        Assert.That(Measure(vector), Is.EqualTo(vector.Json.Numbers("measured_after")).Within(1e-9));

    [Vectors("measured_rate.one-per-second-x20")]
    public void Record_SteadyResponses_ApproachesTheirRate(Vector vector) => Assert.That(
        Measure(vector)[^1], Is.EqualTo(vector.Json.Number("final_approx")).Within(vector.Json.Number("tolerance")));

    [Vectors("measured_rate.two-per-second-then-idle")]
    public void Record_AfterAnIdleTime_Falls(Vector vector)
    {
        var rates = Measure(vector);

        Assert.That(rates[6], IsBetween(vector, "after_7_between"));
        Assert.That(rates[7], IsBetween(vector, "after_8_between"));
    }

    [Vectors("measured_rate.repeated-timestamp")]
    public void Record_SameInstantTwice_DoesNotDivideByZero(Vector vector)
    {
        var rates = Measure(vector);

        Assert.That(rates, Has.All.Matches<double>(double.IsFinite));
        Assert.That(rates[^1], Is.GreaterThanOrEqualTo(vector.Json.Number("final_at_least")));
    }

    /// <summary>Section 2.1 of the reference; all vectors start at a whole second.</summary>
    [Test]
    public void Record_StartWithinASecond_CountsFromTheWholeSecond()
    {
        var meter = new SendRateMeter(now: 0.7);

        meter.Record(0.75);

        Assert.That(meter.Rate, Is.EqualTo(0.8 * 1 / 0.5).Within(1e-9));
    }

    private static List<double> Measure(Vector vector)
    {
        var meter = new SendRateMeter(vector.Json.Number("start"));
        var rates = new List<double>();
        foreach (var time in vector.Json.Numbers("response_times"))
        {
            meter.Record(time);
            rates.Add(meter.Rate);
        }

        return rates;
    }

    private static NUnit.Framework.Constraints.RangeConstraint IsBetween(Vector vector, string name)
    {
        var bounds = vector.Json.Numbers(name);
        return Is.InRange(bounds[0], bounds[1]);
    }
}
