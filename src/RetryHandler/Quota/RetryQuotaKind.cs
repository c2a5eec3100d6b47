namespace RetryHandler;

/// <summary>Says what bounds the retries of a client.</summary>
public enum RetryQuotaKind
{
    /// <summary>
    /// Tokens that retries spend and successes put back: the rule of the AWS SDKs. In a long outage no retries are left
    /// at all.
    /// </summary>
    TokenBucket = 0,

    /// <summary>
    /// A share of the recent calls: the rule of Envoy, Linkerd and Finagle. In a long outage a fixed share of the calls
    /// is still retried.
    /// </summary>
    Ratio,
}
