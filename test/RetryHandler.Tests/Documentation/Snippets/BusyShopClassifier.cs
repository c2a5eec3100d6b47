using System.Buffers.Text;

namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>A shop that refuses with 200, and says in the body how long it is busy.</summary>
internal sealed class BusyShopClassifier : IOutcomeClassifier
{
    private static ReadOnlySpan<byte> Busy => "\"busy_for\":"u8;

    public AttemptVerdict? Classify(in AttemptOutcome outcome)
    {
        var body = outcome.Body.Span;
        var at = body.IndexOf(Busy);
        return at >= 0 && Utf8Parser.TryParse(body[(at + Busy.Length)..], out int seconds, out _)
            ? new AttemptVerdict
            {
                Kind = FailureKind.Throttled,
                ServerDelay = TimeSpan.FromSeconds(seconds),
                KnownNotProcessed = true,
                Rule = "busy-shop",
            }
            : null;
    }
}
