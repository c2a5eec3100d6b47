namespace RetryHandler.Tests.Conformance;

/// <summary>The adaptive mode end to end: backoff, quota and send rate together, in virtual time.</summary>
public sealed class AdaptiveModeVectorTests
{
    /// <summary>What the integration tests of the Rust SDK send; the vectors hold the times only.</summary>
    private static readonly string[] CallsWithoutThrottle = ["err err ok", "err ok", "err err err ok"];

    private readonly ManualTimeProvider _time = new();

    [Vectors("adaptive_mode_integration.rust-ddb-throttled-21")]
    public async Task SendAsync_Throttled_SleepsInTotal(Vector vector)
    {
        var answers = vector.Json.Items("responses").Select(static item => item.GetString()!);
        var expected = vector.Json.GetProperty("total_sleep_s");
        using var client = DynamoDbClient(string.Join(' ', answers), AwsModes.Standard21);

        await client.GetAsync();
        Assert.That(_time.Elapsed.TotalSeconds, expected.Near("after_op1"));

        await client.GetAsync();
        var bounds = expected.Numbers("after_op2");
        Assert.That(_time.Elapsed.TotalSeconds, Is.InRange(bounds[0], bounds[1]));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(vector.Json.GetProperty("responses").GetArrayLength()));
    }

    [Vectors("adaptive_mode_integration.rust-ddb-no-throttle-21")]
    public async Task SendAsync_NotThrottled_SleepsForTheBackoffOnly(Vector vector)
    {
        using var client = DynamoDbClient(string.Join(' ', CallsWithoutThrottle), AwsModes.Standard21);

        var sleeps = await SleepsAsync(client);

        Assert.That(
            sleeps.Select(static sleep => sleep.TotalMilliseconds),
            Is.EqualTo(vector.Json.Numbers("cumulative_sleep_ms")).Within(1e-9));
    }

    [Vectors("adaptive_mode_integration.rust-ddb-no-throttle-20")]
    public async Task SendAsync_RulesBefore2026_SleepsForTheBackoffOnly(
        Vector vector)
    {
        using var client = DynamoDbClient(string.Join(' ', CallsWithoutThrottle), AwsModes.Standard20);

        var sleeps = await SleepsAsync(client);

        Assert.That(
            sleeps.Select(static sleep => sleep.TotalSeconds),
            Is.EqualTo(vector.Json.Numbers("cumulative_sleep_s")).Within(1e-9));
    }

    /// <summary>
    /// The fast failure of the .NET SDK is a wait of 0 here. Where the SDK throws, the caller gets the upstream's 429.
    /// </summary>
    [Vectors("adaptive_mode_integration.net-fail-fast")]
    public async Task SendAsync_MayNotWaitForAToken_SendsOnce(Vector vector)
    {
        var expected = vector.Json.GetProperty("expected");
        var answer = AwsAnswer.From(vector.Json.GetProperty("given").GetProperty("first_response"));
        var upstream = new ScriptedHandler(_time, answer, AwsAnswer.Success);
        using var client = new ClientUnderTest(
            _time, upstream, static options => options.SendRate.MaxWait = TimeSpan.Zero);

        using var response = await client.GetAsync();

        Assert.That(upstream.Attempts, Has.Count.EqualTo(expected.Integer("http_calls")));
        Assert.That((int)response.StatusCode, Is.EqualTo(429));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.SendRateLimited));
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero), "waits");
        Assert.That(expected.Integer("waits"), Is.Zero);
    }

    private async Task<List<TimeSpan>> SleepsAsync(ClientUnderTest client)
    {
        var sleeps = new List<TimeSpan>();
        foreach (var call in CallsWithoutThrottle)
        {
            var before = client.Upstream.Attempts.Count;
            using var response = await client.GetAsync();
            Assert.That(client.Upstream.Attempts.Count - before, Is.EqualTo(call.Split(' ').Length));
            sleeps.Add(_time.Elapsed);
        }

        return sleeps;
    }

    private ClientUnderTest DynamoDbClient(string answers, Action<AdaptiveRetryOptions> mode)
    {
        var steps = answers.Split(' ').Select(static name => name switch
        {
            "throttle" => AwsAnswer.Status(400, AwsAnswer.JsonBody("ThrottlingException")),
            "err" => AwsAnswer.Status(500, AwsAnswer.JsonBody("InternalServerError")),
            _ => AwsAnswer.Success,
        });
        return new ClientUnderTest(_time, new ScriptedHandler(_time, [.. steps]), options =>
        {
            mode(options);
            options.Mode = RetryMode.Adaptive;
            options.SendRate.Controller = SendRateControllerKind.Cubic;
            options.MaxAttempts = 4;
            if (options.Transient.BaseDelay is null)
            {
                options.Transient.BaseDelay = TimeSpan.FromMilliseconds(25);
            }
        });
    }
}
