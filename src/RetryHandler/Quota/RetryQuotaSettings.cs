namespace RetryHandler.Quota;

/// <summary>The retry quota's bounds, with every value resolved.</summary>
internal sealed record RetryQuotaSettings(
    int Capacity = 500,
    double RefillPerMinute = 0,
    int FirstTryRefund = 1,
    RetryQuotaKind Kind = RetryQuotaKind.TokenBucket,
    double MaxRatio = 0.2,
    double MinRetriesPerSecond = 1);
