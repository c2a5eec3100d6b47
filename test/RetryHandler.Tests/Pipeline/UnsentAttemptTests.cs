using Polly;
using Polly.Simmy;
using Polly.Simmy.Fault;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Pipeline;

/// <summary>What strategies around an attempt throw before it is sent.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class UnsentAttemptTests
{
    private readonly ManualTimeProvider _time = new();

    /// <summary>A fault that a strategy made up is judged as the real one; nothing was sent, so a POST goes on too.</summary>
    [Test]
    public async Task SendAsync_ChaosInsteadOfTheFirstAttempt_IsRepeated()
    {
        var faults = 1;
        using var client = Client(builder => builder.AddChaosFault(new ChaosFaultStrategyOptions
        {
            InjectionRate = 1,
            FaultGenerator = _ => new(faults-- > 0 ? new HttpRequestException("chaos") : null),
        }));

        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://upstream.test/"));

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
    }

    /// <summary>What ran out of time before it was sent was certainly not processed.</summary>
    [Test]
    public async Task SendAsync_PostHeldBackUntilItsTimeIsOver_IsRepeated()
    {
        var isFull = true;
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(200)), o =>
        {
            o.AttemptTimeout = TimeSpan.FromSeconds(5);
            o.ConfigureAttemptPipeline(b => b.AddStrategy(_ => new Bulkhead(() => isFull)));
        });
        var call = client.Start(new HttpRequestMessage(HttpMethod.Post, "http://upstream.test/"));
        _time.Advance(TimeSpan.FromSeconds(4));
        isFull = false;

        using var response = await _time.RunAsync(call);

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public void SendAsync_StrategyRefuses_IsNotRepeated()
    {
        using var client = Client(builder => builder.AddChaosFault(new ChaosFaultStrategyOptions
        {
            InjectionRate = 1,
            FaultGenerator = static _ => new(new NotSupportedException()),
        }));

        Assert.ThrowsAsync<NotSupportedException>(async () => await client.GetAsync());
        Assert.That(client.Upstream.Attempts, Is.Empty);
    }

    private ClientUnderTest Client(Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure) => new(
        _time, new ScriptedHandler(_time, Status(200)), options => options.ConfigureAttemptPipeline(configure));
}
