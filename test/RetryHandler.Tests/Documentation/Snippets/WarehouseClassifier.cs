using System.Net;

namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>The warehouse answers 409 while it counts its stock, and says so in a header.</summary>
internal sealed class WarehouseClassifier : IOutcomeClassifier
{
    public AttemptVerdict? Classify(in AttemptOutcome outcome) =>
        outcome.Response is { StatusCode: HttpStatusCode.Conflict } response && response.Headers.Contains("X-Counting")
            ? new AttemptVerdict { Kind = FailureKind.Transient, KnownNotProcessed = true, Rule = "counting" }
            : null;
}
