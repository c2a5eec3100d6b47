using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>Each cause of a transient failure can have a policy of its own, and takes the rest from the wider one.</summary>
[TestFixture]
internal sealed class FailurePolicyTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase("timeout", 3, 10)]
    [TestCase("network", 5, 7)]
    [TestCase("500", 2, 2)]
    [TestCase("429", 4, 1)]
    public async Task SendAsync_EachCause_FollowsItsOwnPolicy(string failure, int seconds, int cost)
    {
        using var client = Client(
            options =>
            {
                options.Transient.BaseDelay = TimeSpan.FromSeconds(5);
                options.TransientTimeout.BaseDelay = TimeSpan.FromSeconds(3);
                options.TransientServerError.BaseDelay = TimeSpan.FromSeconds(2);
                options.Throttled.BaseDelay = TimeSpan.FromSeconds(4);
                options.Quota.TransientCost = 7;
                options.Quota.TimeoutCost = 10;
                options.Quota.ServerErrorCost = 2;
                options.Quota.ThrottledCost = 1;
            },
            failure);

        await SendAsync(client);

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(client.Quota.Available, Is.EqualTo(500 - cost));
    }

    [TestCase("timeout", 2)]
    [TestCase("network", 4)]
    [TestCase("500", 6)]
    [TestCase("429", 3)]
    public async Task SendAsync_EachCause_HasAttemptsOfItsOwn(string failure, int attempts)
    {
        using var client = Client(
            options =>
            {
                options.MaxAttempts = 3;
                options.Transient.MaxAttempts = 4;
                options.TransientTimeout.MaxAttempts = 2;
                options.TransientServerError.MaxAttempts = 6;
            },
            failure);

        await SendAsync(client);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(attempts));
    }

    [Test]
    public async Task SendAsync_CauseWithoutPolicy_TakesAllFromTransient()
    {
        using var client = Client(
            options =>
            {
                options.MaxAttempts = 3;
                options.Transient.BaseDelay = TimeSpan.FromSeconds(8);
                options.Transient.MaxDelay = TimeSpan.FromSeconds(12);
                options.Transient.MinDelay = TimeSpan.FromSeconds(9);
                options.Transient.Backoff = BackoffKind.Linear;
                options.Transient.Jitter = JitterKind.None;
            },
            "timeout");

        await SendAsync(client);

        Assert.That(
            client.Upstream.Attempts.Select(static attempt => attempt.At.TotalSeconds),
            Is.EqualTo(new[] { 0.0, 9, 9 + 12 }));
    }

    [TestCase(100, 0.5)]
    [TestCase(0, 2)]
    public async Task SendAsync_AdaptiveBackoff_FollowsTheRecentSuccessOfAllCalls(int percent, double seconds)
    {
        var answers = Enumerable.Repeat(percent == 100 ? Status(200) : Status(500), 40);
        var upstream = new ScriptedHandler(_time, [.. answers, Status(500)]);
        using var client = new ClientUnderTest(_time, upstream, options =>
        {
            options.Mode = RetryMode.Standard;
            options.MaxAttempts = 1;
            options.TransientServerError.MaxAttempts = 2;
            options.TransientServerError.BaseDelay = TimeSpan.FromSeconds(1);
            options.TransientServerError.Backoff = BackoffKind.Adaptive;
            options.Quota.Enabled = false;
        });
        while (client.Upstream.Attempts.Count < 40)
        {
            (await client.GetAsync()).Dispose();
        }

        using var response = await client.GetAsync();

        Assert.That(response.GetAdaptiveRetryInfo().TimeWaited, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    /// <summary>Runs a call to its end, whatever comes of it.</summary>
    private static async Task SendAsync(ClientUnderTest client)
    {
        try
        {
            (await client.GetAsync()).Dispose();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Assert.That(client.Upstream.Attempts, Is.Not.Empty);
        }
    }

    private ClientUnderTest Client(Action<AdaptiveRetryOptions> configure, string failure)
    {
        Func<HttpRequestMessage, HttpResponseMessage> step = failure switch
        {
            "timeout" => Throw(static () => new TaskCanceledException("slow", new TimeoutException())),
            "network" => Throw(static () => new HttpRequestException(HttpRequestError.ConnectionError)),
            _ => Status(int.Parse(failure, null)),
        };
        return new ClientUnderTest(_time, new ScriptedHandler(_time, step), options =>
        {
            options.Mode = RetryMode.Standard;
            options.MaxAttempts = 2;
            configure(options);
        });
    }
}
