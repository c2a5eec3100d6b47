using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Support;

/// <summary>Short forms for tests in which it does not matter whose attempt it was.</summary>
internal static class SendRateLimiterExtensions
{
    /// <returns>Whether the response woke the limiter up or put it to sleep.</returns>
    public static bool OnResponse(this SendRateLimiter limiter, bool throttled, TimeSpan? closeFor = null)
    {
        var wasLimiting = limiter.IsLimiting;
        limiter.OnResponse(
            default,
            new SendResponse(throttled ? SendFeedback.Throttled : SendFeedback.Accepted, closeFor ?? default));
        return limiter.IsLimiting != wasLimiting;
    }

    public static void OnResponse(this SendRateLimiter limiter, SendPermit permit, SendFeedback feedback) =>
        limiter.OnResponse(permit, new SendResponse(feedback));

    /// <summary>Gives back a token that some waiter was granted.</summary>
    public static void Return(this SendRateLimiter limiter) =>
        limiter.Return(new SendPermit(HasToken: true, IsProbe: false, GrantedAt: 0));
}
