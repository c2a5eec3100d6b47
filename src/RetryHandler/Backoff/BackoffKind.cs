namespace RetryHandler;

/// <summary>Says how the wait grows with the number of retries.</summary>
public enum BackoffKind
{
    /// <summary><c>BaseDelay x 2^i</c>, where i counts the retries of the call from 0.</summary>
    Exponential = 0,

    /// <summary><c>BaseDelay x (i + 1)</c>.</summary>
    Linear,

    /// <summary>Always <c>BaseDelay</c>.</summary>
    Constant,

    /// <summary>
    /// <see cref="Exponential"/>, halved while more than 80 % of the client's recent attempts succeed, and doubled
    /// while fewer than 50 % do.
    /// </summary>
    /// <remarks>
    /// Recent are about the last 20 attempts of all callers, the newest ones weighing most. Transient and throttled
    /// attempts count as failed.
    /// </remarks>
    Adaptive,
}
