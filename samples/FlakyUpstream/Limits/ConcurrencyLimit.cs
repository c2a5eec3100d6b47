using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace FlakyUpstream.Limits;

/// <summary>So many requests at once and no queue.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "Without a queue the limiter has nothing to release, and requests may outlive an evicted limit.")]
internal sealed class ConcurrencyLimit(int limit) : ILimit
{
    private readonly ConcurrencyLimiter _slots = new(new() { PermitLimit = limit, QueueLimit = 0 });

    public Admission TryEnter(TimeSpan now)
    {
        var lease = _slots.AttemptAcquire();
        return new Admission(lease.IsAcquired, Slot: lease);
    }
}
