namespace RetryHandler.RateLimiting;

/// <summary>What the limiter is doing at one instant.</summary>
internal readonly record struct SendRateState(
    bool IsLimiting,
    double FillRate,
    double MeasuredRate,
    double Tokens,
    int Waiting);
