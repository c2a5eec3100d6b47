using RetryHandler.State;

namespace RetryHandler.Tests.State;

[TestFixture]
internal sealed class ClientStateRegistryTests
{
    /// <summary>A service that was not ready yet when the first client was made failed all later ones too.</summary>
    [Test]
    public void GetOrCreate_ThrewTheFirstTime_TriesAgain()
    {
        var registry = new ClientStateRegistry();
        Assert.Throws<InvalidOperationException>(
            () => registry.GetOrCreate("orders", static _ => throw new InvalidOperationException()));
        Assert.That(registry.Find("orders"), Is.Null);

        var state = registry.GetOrCreate(
            "orders", static name => new ClientState(name, new AdaptiveRetryOptions(), TimeProvider.System));

        Assert.That(registry.Find("orders"), Is.SameAs(state));
    }
}
