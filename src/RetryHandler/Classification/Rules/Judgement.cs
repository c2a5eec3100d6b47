namespace RetryHandler.Classification;

/// <summary>What the rules find, before the delay is read.</summary>
internal readonly record struct Judgement(FailureKind Kind, string Rule, TransientCause Cause = TransientCause.None)
{
    /// <summary>Gets whether it is a limit on how many run at the same time, if it is a throttle.</summary>
    public bool IsConcurrencyLimit { get; init; }

    public static Judgement Throttled(string rule) => new(FailureKind.Throttled, rule);

    public static Judgement QuotaExhausted(string rule) => new(FailureKind.QuotaExhausted, rule);

    public static Judgement Permanent(string rule) => new(FailureKind.Permanent, rule);

    public static Judgement Transient(string rule, TransientCause cause = TransientCause.ServerError) =>
        new(FailureKind.Transient, rule, cause);
}
