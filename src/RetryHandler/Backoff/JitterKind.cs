namespace RetryHandler;

/// <summary>
/// Says how much of a wait is left to chance, so that callers that failed together do not return together.
/// </summary>
public enum JitterKind
{
    /// <summary>Anything from 0 to the computed delay: the AWS rule.</summary>
    Full = 0,

    /// <summary>Half of the computed delay plus anything from 0 to the other half.</summary>
    Equal,

    /// <summary>Exactly the computed delay.</summary>
    None,
}
