using RetryHandler.Retry;
using RetryHandler.State;
using RetryHandler.Telemetry;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.State;

[TestFixture]
internal sealed class ClientStateTests
{
    private readonly ManualTimeProvider _time = new();

    /// <summary>The law of the send rate stays, and so does all that goes with it.</summary>
    [TestCase(SendRateControllerKind.Probing, SendRateControllerKind.Cubic, 2 * 50)]
    [TestCase(SendRateControllerKind.Cubic, SendRateControllerKind.Probing, 2 * 14)]
    public async Task Apply_OtherController_ChangesNothingOfIt(
        SendRateControllerKind law, SendRateControllerKind other, int spent)
    {
        using var client = new ClientUnderTest(
            _time, new ScriptedHandler(_time, Status(408)), o => o.SendRate.Controller = law);
        var options = new AdaptiveRetryOptions();
        options.SendRate.Controller = other;

        client.State.Apply(options);
        using var response = await client.GetAsync();

        Assert.That(client.Quota.Available, Is.EqualTo(500 - spent), "what a timeout costs");
    }

    [TestCase(SendRateControllerKind.Probing, SendRateControllerKind.Cubic, 1 / 60.0)]
    [TestCase(SendRateControllerKind.Cubic, SendRateControllerKind.Probing, 0.5)]
    public void From_LawOfTheClient_SetsTheLowestRate(
        SendRateControllerKind law, SendRateControllerKind other, double expected)
    {
        var options = new AdaptiveRetryOptions();
        options.SendRate.Controller = other;

        Assert.That(ClientSettings.From(options, law).SendRate.MinRate, Is.EqualTo(expected));
    }

    [Test]
    public void Apply_DelegateThrows_KeepsAllOfTheOldSettings()
    {
        var fails = false;
        var pipelines = new ThrowingSource(() => fails);
        var state = new ClientState("test", new AdaptiveRetryOptions(), _time, new TelemetryHub(), pipelines);
        var loop = state.Loop;
        fails = true;

        Assert.That(
            () => state.Apply(new AdaptiveRetryOptions { MaxAttempts = 7 }), Throws.InvalidOperationException);

        Assert.That(state.Loop, Is.SameAs(loop));
    }

    [Test]
    public void New_DelegateThrows_IsNotShown()
    {
        var hub = new TelemetryHub();

        Assert.That(
            () => new ClientState("test", new AdaptiveRetryOptions(), _time, hub, new ThrowingSource(() => true)),
            Throws.InvalidOperationException);

        Assert.That(hub.Clients, Is.Empty);
    }

    private sealed class ThrowingSource(Func<bool> fails) : IAttemptPipelineSource
    {
        public IAttemptPipeline? For(AdaptiveRetryOptions options, ClientTelemetry telemetry) =>
            fails() ? throw new InvalidOperationException("broken") : null;
    }
}
