namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>What becomes of one attempt in the middle of chaos.</summary>
internal enum ChaosStep
{
    Succeed,
    Throttle,
    Unavailable,
    UnavailableWithDelay,
    NotFound,
    Refuse,
    Break,
    InnerTimeout,

    /// <summary>Never answers; only a limit or the caller ends it.</summary>
    Hang,

    /// <summary>The error body begins and does not go on.</summary>
    BodyStalls,

    /// <summary>Reading the error body fails at once.</summary>
    BodyBreaks,

    /// <summary>Reading the error body fails later.</summary>
    BodyBreaksLater,
}
