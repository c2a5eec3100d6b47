namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>What the caller got for one order.</summary>
/// <param name="Succeeded">Whether the caller was told that the order was taken.</param>
/// <param name="StopReason">Why no further attempt was made; nobody tells when there was no complete response.</param>
internal readonly record struct OrderOutcome(bool Succeeded, RetryStopReason? StopReason);
