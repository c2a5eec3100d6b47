using System.Threading.RateLimiting;

namespace RetryHandler.Benchmarks.Calls;

/// <summary>Takes a token of the framework's limiter for each attempt, and learns nothing from the answer.</summary>
internal sealed class TokenBucketHandler : DelegatingHandler
{
    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = int.MaxValue,
        TokensPerPeriod = int.MaxValue,
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(1),
        QueueLimit = 0,
        AutoReplenishment = false,
    });

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        return !lease.IsAcquired
            ? throw new InvalidOperationException("No token is left.")
            : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        _limiter.Dispose();
        base.Dispose(disposing);
    }
}
