namespace RetryHandler.RateLimiting;

/// <summary>Tokens that were paid in advance.</summary>
/// <param name="Paid">How many were paid.</param>
/// <param name="Left">How many of them are left.</param>
internal readonly record struct PrepaidTokens(int Paid, int Left);
