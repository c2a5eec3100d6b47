using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>The standard mode's scenarios, end to end through the handler.</summary>
public sealed class StandardModeVectorTests
{
    private readonly ManualTimeProvider _time = new();

    [Vectors("standard_2_0.20-eventual-success")]
    [Vectors("standard_2_0.20-max-attempts")]
    [Vectors("standard_2_0.20-quota-after-one")]
    [Vectors("standard_2_0.20-quota-zero")]
    [Vectors("standard_2_0.20-exponential")]
    [Vectors("standard_2_0.20-max-backoff-3")]
    public Task SendAsync_RulesBefore2026_FollowsTheScenario(Vector vector) =>
        RunAsync(vector, AwsModes.Standard20);

    [Vectors("standard_2_1.21-eventual-success")]
    [Vectors("standard_2_1.21-max-attempts")]
    [Vectors("standard_2_1.21-quota-after-one")]
    [Vectors("standard_2_1.21-quota-zero")]
    [Vectors("standard_2_1.21-exponential")]
    [Vectors("standard_2_1.21-quota-exhaustion")]
    [Vectors("standard_2_1.21-throttling")]
    [Vectors("standard_2_1.21-dynamodb")]
    [Vectors("standard_2_1.21-retry-after-1500")]
    [Vectors("standard_2_1.21-retry-after-min")]
    [Vectors("standard_2_1.21-retry-after-invalid")]
    [Vectors("standard_2_1.21-retry-after-negative")]
    [Vectors("standard_2_1.21-first-try-success-refund")]
    [Vectors("standard_2_1.21-success-at-cap")]
    [Vectors("standard_2_1.21-first-try-success-plus-one")]
    [Vectors("standard_2_1.21-single-4xx-no-refund")]
    [Vectors("standard_2_1.21-timeout-costs-14")]
    public Task SendAsync_RulesOf2026_FollowsTheScenario(Vector vector) =>
        RunAsync(vector, AwsModes.Standard21);

    /// <summary>The rows of the reference's table that the vector file does not hold.</summary>
    [TestCase(500, 5, 0.2, "500 retry 486 .05|500 retry 472 .1|500 retry 458 .2|500 retry 444 .2")]
    [TestCase(20, 5, 20, "500 retry 6 .05|502 retry_quota_exceeded 6")]
    [TestCase(30, 5, 20, "500 retry 16 .05|500 retry 2 .1|200 success 16|500 retry 2 .05|200 success 16")]
    public async Task SendAsync_RowOfTheReference_FollowsIt(int tokens, int maxAttempts, double cap, string rows)
    {
        var steps = rows.Split('|').Select(ParseRow).ToList();
        using var scenario = new StandardScenario(steps, tokens, options =>
        {
            AwsModes.Standard21(options);
            options.MaxAttempts = maxAttempts;
            options.Transient.MaxDelay = TimeSpan.FromSeconds(cap);
        });

        await scenario.RunAsync();
    }

    /// <summary>The hint counts up to 5 s above the computed delay.</summary>
    [Test]
    public async Task SendAsync_HintOf10Seconds_WaitsFiveSecondsLonger()
    {
        var upstream = new ScriptedHandler(
            _time, ScriptedHandler.Status(500, null, ("x-amz-retry-after", "10000")), AwsAnswer.Success);
        using var client = new ClientUnderTest(_time, upstream, AwsModes.Standard21);

        await client.GetAsync();

        Assert.That(upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(5.05)));
    }

    [Vectors("standard_2_0.20-exhaust-500")]
    public async Task SendAsync_FiftyFailedCalls_ExhaustTheQuota(Vector vector)
    {
        var given = vector.Json.GetProperty("given");
        var upstream = new ScriptedHandler(_time, ScriptedHandler.Status(500));
        using var client = new ClientUnderTest(_time, upstream, AwsModes.Standard20, quota: given.Integer("tokens"));
        for (var call = 0; call < 50; call++)
        {
            using var failed = await client.GetAsync();
            Assert.That(failed.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(given.Integer("max_attempts")));
        }

        Assert.That(client.Quota.Available, Is.Zero);
        using var response = await client.GetAsync();

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.RetryQuotaExhausted));
    }

    [Vectors("standard_2_0.20-rust-timeout-cost")]
    public async Task SendAsync_Timeouts_CostMoreBefore2026(Vector vector)
    {
        var timeout = AwsAnswer.From(JsonSerializer.SerializeToElement(new { transport_error = "read timeout" }));
        var seen = new List<double>();
        var client = default(ClientUnderTest);
        Func<HttpRequestMessage, HttpResponseMessage> Seen(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
            request =>
            {
                seen.Add(client!.Quota.Available);
                return answer(request);
            };
        var upstream = new ScriptedHandler(_time, Seen(timeout), Seen(timeout), Seen(AwsAnswer.Success));
        var tokens = vector.Json.GetProperty("given").Integer("tokens");
        using (client = new ClientUnderTest(_time, upstream, AwsModes.Standard20, quota: tokens))
        {
            await client.GetAsync();
            seen.Add(client.Quota.Available);
        }

        Assert.That(seen, Is.EqualTo(vector.Json.Numbers("expected_tokens")));
    }

    [Vectors("standard_2_1.21-rust-dynamodb-total")]
    public async Task SendAsync_DynamoDbOptions_WaitsInTotal(Vector vector)
    {
        var upstream = new ScriptedHandler(_time, ScriptedHandler.Status(500));
        using var client = new ClientUnderTest(_time, upstream, options =>
        {
            AwsModes.Standard21(options);
            options.MaxAttempts = vector.Json.GetProperty("given").Integer("attempts");
            options.Transient.BaseDelay = TimeSpan.FromSeconds(0.025);
        });

        using var response = await client.GetAsync();

        Assert.That(response.GetAdaptiveRetryInfo().TimeWaited.TotalSeconds, vector.Json.Near("total_delay_s"));
    }

    private static async Task RunAsync(Vector vector, Action<AdaptiveRetryOptions> mode)
    {
        var given = vector.Json.GetProperty("given");
        using var scenario = new StandardScenario(vector.Json.Items("steps"), given.Integer("tokens"), options =>
        {
            mode(options);
            AwsModes.Apply(given, options);
        });

        await scenario.RunAsync();
    }

    private static JsonElement ParseRow(string row)
    {
        var parts = row.Split(' ');
        var expected = new Dictionary<string, object> { ["outcome"] = parts[1], ["quota"] = int.Parse(parts[2], null) };
        if (parts.Length > 3)
        {
            expected["delay_s"] = double.Parse(parts[3], null);
        }

        var response = new { status = int.Parse(parts[0], null) };
        return JsonSerializer.SerializeToElement(new { response, expected });
    }
}
