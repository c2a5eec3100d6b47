namespace RetryHandler.RateLimiting;

/// <summary>The law by which the limiter's fill rate follows the upstream's answers.</summary>
/// <remarks>
/// Pure: it knows no clock, lock or logger. The limiter calls it under its lock, once per response, with the time in
/// seconds since the limiter was made.
/// </remarks>
internal interface ISendRateController
{
    /// <summary>Computes the rate after one response.</summary>
    /// <param name="throttled">Whether the upstream throttled.</param>
    /// <param name="measuredRate">Responses per second, as measured.</param>
    /// <param name="fillRate">The fill rate in force, or <see langword="null"/> while the limiter is dormant.</param>
    /// <param name="now">The time in seconds.</param>
    /// <returns>The new rate in attempts per second, before the limiter's floor and ceiling.</returns>
    double OnResponse(bool throttled, double measuredRate, double? fillRate, double now);
}
