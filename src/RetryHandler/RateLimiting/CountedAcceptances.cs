namespace RetryHandler.RateLimiting;

/// <summary>Acceptances of which only their number is known.</summary>
/// <param name="Count">How many.</param>
/// <param name="Paced">How many of them had a token.</param>
/// <param name="From">They came after this instant, in seconds; a single one is taken for one of just now.</param>
internal readonly record struct CountedAcceptances(int Count, int Paced, double From);
