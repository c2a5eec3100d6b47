namespace RetryHandler.Tests.Conformance;

/// <summary>The scenario "two threads" of the AWS rules: both calls draw on one quota.</summary>
public sealed class SharedQuotaScenarioTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task SendAsync_TwoCallsAtOnce_ShareTheQuota()
    {
        var failure = ScriptedHandler.Status(500);
        var upstream = new ScriptedHandler(_time, failure, failure, failure, AwsAnswer.Success, AwsAnswer.Success);
        using var client = new ClientUnderTest(_time, upstream, AwsModes.Standard21);

        var a = client.Start(new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/a"));
        await VirtualTime.SettleAsync();
        await ExpectQuotaAsync(client, 486, "A failed once");

        await AdvanceAsync(milliseconds: 50);
        await ExpectQuotaAsync(client, 472, "A failed twice");

        var b = client.Start(new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/b"));
        await VirtualTime.SettleAsync();
        await ExpectQuotaAsync(client, 458, "B failed once");

        await AdvanceAsync(milliseconds: 50);
        await ExpectQuotaAsync(client, 472, "B succeeded");
        await b;

        await AdvanceAsync(milliseconds: 50);
        await ExpectQuotaAsync(client, 486, "A succeeded");
        await a;
        Assert.That(upstream.Attempts.Select(static attempt => attempt.Uri!.AbsolutePath), Is.EqualTo(PathsInOrder));
    }

    private static readonly string[] PathsInOrder = ["/a", "/a", "/b", "/b", "/a"];

    /// <summary>A busy pool may run what is due a moment after it has fallen silent, so the look is repeated.</summary>
    private static async Task ExpectQuotaAsync(ClientUnderTest client, int expected, string moment)
    {
        for (var i = 0; i < 100 && client.Quota.Available != expected; i++)
        {
            await VirtualTime.SettleAsync();
        }

        Assert.That(client.Quota.Available, Is.EqualTo(expected), moment);
    }

    private Task AdvanceAsync(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return VirtualTime.SettleAsync();
    }
}
