using System.Globalization;

namespace RetryHandler.Tests.Conformance;

/// <summary>The delays that an answer asks for, seen from the time of the next attempt.</summary>
public sealed class RetryAfterVectorTests
{
    /// <summary>The dates in the vectors' texts stand for this instant.</summary>
    private static readonly TimeSpan DateIn = TimeSpan.FromSeconds(90);

    private readonly ManualTimeProvider _time = new();

    [Vectors("retry_after_js[0]")]
    [Vectors("retry_after_js[5]")]
    public async Task SendAsync_Seconds_AreWaited(Vector vector) => Assert.That(
        await ObserveAsync(vector, vector.Json.Text("value")!), Is.EqualTo(vector.Json.Seconds("seconds")));

    [Vectors("retry_after_js[1]")]
    public async Task SendAsync_Date_IsAwaited(Vector vector)
    {
        Assert.That(vector.Json.Text("result"), Is.EqualTo("that time"));
        Assert.That(await ObserveAsync(vector, Date(DateIn)), Is.EqualTo(DateIn));
    }

    /// <summary>Two values in one header, as a proxy leaves them: the date has passed, the seconds count.</summary>
    [Vectors("retry_after_js[2]")]
    public async Task SendAsync_DateThenSeconds_SecondsCount(Vector vector)
    {
        var value = vector.Json.Text("value")!
            .Replace("<HTTP-date ending in GMT>", Date(-DateIn), StringComparison.Ordinal);

        Assert.That(await ObserveAsync(vector, value), Is.EqualTo(vector.Json.Seconds("seconds")));
    }

    [Vectors("retry_after_js[3]")]
    [Vectors("retry_after_js[4]")]
    [Vectors("retry_after_js[6]")]
    public async Task SendAsync_Nonsense_IsIgnored(Vector vector)
    {
        Assert.That(vector.Json.Text("result"), Is.EqualTo("ignored"));
        Assert.That(await ObserveAsync(vector, vector.Json.Text("value")!), Is.EqualTo(TimeSpan.Zero));
    }

    /// <summary>Waits without jitter and without a backoff of its own, so that only the header counts.</summary>
    private async Task<TimeSpan> ObserveAsync(Vector vector, string value)
    {
        var upstream = new ScriptedHandler(
            _time, ScriptedHandler.Status(503, null, (vector.Json.Text("header")!, value)), AwsAnswer.Success);
        using var client = new ClientUnderTest(
            _time,
            upstream,
            static options =>
            {
                options.Mode = RetryMode.Standard;
                options.ServerDelay.MaxDelay = TimeSpan.FromHours(1);
            },
            random: 0);

        using var response = await client.GetAsync();

        return upstream.Attempts[1].At;
    }

    private string Date(TimeSpan fromNow) => (_time.GetUtcNow() + fromNow).ToString("R", CultureInfo.InvariantCulture);
}
