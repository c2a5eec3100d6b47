using System.Text.Json;
using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Conformance;

/// <summary>The arithmetic of the send tokens.</summary>
public sealed class TokenBucketVectorTests
{
    [Vectors("token_bucket.rust-shortfall")]
    public void WaitFor_Shortfall_IsTheSameForEachAsker(Vector vector)
    {
        var tolerance = vector.Json.Number("tolerance");
        var bucket = EmptyBucket(0.5);
        foreach (var step in vector.Json.Items("steps"))
        {
            bucket.Refill(step.Number("t"));
            for (var i = 0; i < step.Number("repeat", 1); i++)
            {
                Assert.That(bucket.WaitFor(1), Is.EqualTo(step.Number("wait_s", 0)).Within(tolerance));
                Assert.That(bucket.TryTake(), Is.EqualTo(step.Flag("granted")));
                Assert.That(bucket.Tokens, Is.GreaterThanOrEqualTo(0));
            }

            if (step.Has("capacity_after"))
            {
                Assert.That(bucket.Tokens, Is.EqualTo(step.Number("capacity_after")).Within(tolerance));
            }
        }
    }

    [Vectors("token_bucket.rust-sub-ns-shortfall")]
    public void TryTake_ShortfallBelowANanosecond_Grants(Vector vector)
    {
        // The vector writes the tokens as the text "1 - 1e-12".
        var parts = vector.Json.GetProperty("given").Text("capacity")!.Split(" - ");
        var bucket = EmptyBucket(1);
        bucket.Refill(double.Parse(parts[0], Invariant) - double.Parse(parts[1], Invariant));
        Assert.That(bucket.Tokens, Is.LessThan(1));

        Assert.That(bucket.TryTake(), Is.EqualTo(vector.Json.GetProperty("expected").Flag("granted")));
        Assert.That(bucket.Tokens, Is.Zero);
    }

    [Vectors("token_bucket.botocore-basic")]
    [Vectors("token_bucket.botocore-lower-rate")]
    [Vectors("token_bucket.botocore-full-speed")]
    public void TryTake_AtTheFillRate_AlwaysGrants(Vector vector)
    {
        var bucket = EmptyBucket(vector.Json.GetProperty("given").Number("max_rate"));
        foreach (var step in vector.Json.Items("steps"))
        {
            var time = step.Number("t");
            bucket.Refill(time);
            if (step.Has("set_rate"))
            {
                SetRate(ref bucket, step.Number("set_rate"), time);
            }
            else
            {
                Assert.That(bucket.TryTake(), Is.EqualTo(step.Flag("granted")), $"t = {time}");
            }
        }
    }

    [Vectors("token_bucket.ruby-wait")]
    public void WaitFor_ManyTokens_IsTheTimeToFillThem(Vector vector)
    {
        var given = vector.Json.GetProperty("given");
        var bucket = default(TokenBucket);
        bucket.SetRate(given.Number("fill_rate"), given.Number("max_capacity"), now: 0);
        JsonElement step = vector.Json.Items("steps")[0];

        Assert.That(bucket.WaitFor(step.Number("acquire")), step.Near("wait_s"));
    }

    [Vectors("token_bucket.swift-no-negative")]
    public void TryTake_EmptyBucket_NeverGoesBelowZero(Vector vector)
    {
        var steps = vector.Json.Items("steps");
        var bucket = EmptyBucket(vector.Json.GetProperty("given").Number("fill"));
        for (var i = 0; i < steps[0].Integer("attempts"); i++)
        {
            bucket.Refill(now: 0);
            Assert.That(bucket.TryTake(), Is.False);
            Assert.That(bucket.Tokens, Is.GreaterThanOrEqualTo(0));
        }

        bucket.Refill(steps[1].Number("after_s"));

        Assert.That(bucket.TryTake(), Is.EqualTo(steps[1].Flag("granted")));
    }

    /// <summary>Section 2.2 of the reference, step 3; no vector shows the tokens across a change of the rate.</summary>
    [Test]
    public void SetRate_TimeHasPassed_CountsItAtTheOldRate()
    {
        var bucket = EmptyBucket(10);

        SetRate(ref bucket, rate: 2, now: 0.1);

        Assert.That(bucket.Tokens, Is.EqualTo(1).Within(1e-9));
    }

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static TokenBucket EmptyBucket(double rate)
    {
        var bucket = default(TokenBucket);
        SetRate(ref bucket, rate, now: 0);
        return bucket;
    }

    // The capacity that the limiter gives: one second's worth, at least one token.
    private static void SetRate(ref TokenBucket bucket, double rate, double now) =>
        bucket.SetRate(rate, Math.Max(rate, 1), now);
}
