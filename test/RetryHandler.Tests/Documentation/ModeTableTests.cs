using System.Globalization;
using RetryHandler.Retry;

namespace RetryHandler.Tests.Documentation;

/// <summary>The table of the modes in the README says what the modes are.</summary>
[TestFixture]
internal sealed class ModeTableTests
{
    private static readonly RetryMode[] Columns = [RetryMode.Legacy, RetryMode.Standard, RetryMode.Adaptive];

    private static IEnumerable<string> Rows =>
    [
        Row("attempts, first included (transient / throttled)",
            static s => $"{s.Transient.MaxAttempts} / {s.Throttled.MaxAttempts}"),
        Row("base delay (transient / throttled)",
            static s => $"{Text(s.Transient.Backoff.BaseDelay)} / {Text(s.Throttled.Backoff.BaseDelay)}"),
        Row("retry quota", static s => s.QuotaEnabled ? "yes" : "no"),
        Row("cost of a retry, tokens (transient / timeout / throttled)",
            static s => s.QuotaEnabled
                ? $"{s.Transient.Cost} / {s.TransientTimeout.Cost} / {s.Throttled.Cost}"
                : ""),
        Row("send-rate limiter", static s => s.SendRateEnabled ? "yes" : "no"),
    ];

    [TestCaseSource(nameof(Rows))]
    public void Readme_Modes_AreThoseOfTheCode(string row) =>
        Assert.That(DocumentPage.Readme.Text.Split('\n'), Does.Contain(row));

    private static string Row(string name, Func<RetrySettings, string> cell) => string.Join(
        " ",
        Columns.Select(mode => cell(RetrySettings.From(new AdaptiveRetryOptions { Mode = mode })))
            .Prepend(name).Select(static text => $"| {text}".TrimEnd()).Append("|"));

    private static string Text(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");
}
