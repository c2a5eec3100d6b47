namespace RetryHandler;

/// <summary>Says which sort of fault a <see cref="FailureKind.Transient"/> failure was.</summary>
public enum TransientCause
{
    /// <summary>Not a transient failure, or not known.</summary>
    None = 0,

    /// <summary>The upstream answered with an error status such as 500, 502, 503 or 504.</summary>
    ServerError,

    /// <summary>No answer: connection refused or broken, name not resolved, answer cut off.</summary>
    Network,

    /// <summary>No answer in time: connect timeout, attempt timeout, or a timeout of an inner handler.</summary>
    Timeout,
}
