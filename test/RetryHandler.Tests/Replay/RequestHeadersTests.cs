using RetryHandler.Replay;

namespace RetryHandler.Tests.Replay;

public sealed class RequestHeadersTests
{
    /// <summary>The field is where it is looked for; without it each call without headers costs 48 B more.</summary>
    [Test]
    public void AreUntouched_NewMessage_IsTrueUntilSomebodyLooks()
    {
        using var request = new HttpRequestMessage();

        Assert.That(RequestHeaders.AreUntouched(request));
        Assert.That(request.Headers, Is.Empty);
        Assert.That(RequestHeaders.AreUntouched(request), Is.False);
    }

    [Test]
    public void AreUntouched_MessageWithHeaders_IsFalse()
    {
        using var request = new HttpRequestMessage();
        request.Headers.Add("X-Tenant", "one");

        Assert.That(RequestHeaders.AreUntouched(request), Is.False);
    }
}
