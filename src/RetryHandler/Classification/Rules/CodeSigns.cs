namespace RetryHandler.Classification;

/// <summary>What error codes say. An outcome may carry several codes, so the signs add up.</summary>
[Flags]
internal enum CodeSigns
{
    None = 0,
    Throttling = 1 << 0,

    /// <summary>A code of throttling that nobody uses for anything else.</summary>
    CertainThrottling = 1 << 1,
    Transient = 1 << 2,

    /// <summary>A transient code that says that the request did not arrive in time.</summary>
    Timeout = 1 << 3,

    /// <summary>The server is overloaded; in an error of the client's it is something else that is.</summary>
    Overload = 1 << 4,

    /// <summary>A code that says none of these things, so that the refusal has another reason.</summary>
    Other = 1 << 5,

    /// <summary>No repetition of this request succeeds.</summary>
    Never = 1 << 6,

    /// <summary>A daily, monthly, billing or plan limit.</summary>
    Quota = 1 << 7,

    /// <summary>"Quota exceeded": a plan limit under 401 and 403, a rate under 429 and 503.</summary>
    SomeQuota = 1 << 8,

    /// <summary>"Insufficient balance": the API's own bill under 429, otherwise somebody's account.</summary>
    Balance = 1 << 9,

    /// <summary>Under 429 a conflict about one object, which does not concern other requests.</summary>
    Lock = 1 << 10,

    /// <summary>The caller lacks a right, so words about limits in the message are about something else.</summary>
    Denied = 1 << 11,

    /// <summary>The request is malformed, so codes below this one describe its fields.</summary>
    Invalid = 1 << 12,

    /// <summary>AWS's LimitExceededException: a throttle, except from API Gateway's usage plans.</summary>
    LimitExceeded = 1 << 13,

    /// <summary>A declined payment card, which shares the status 402 with exhausted plans.</summary>
    Card = 1 << 14,

    /// <summary>Retryable when AWS's STS says it, and only then.</summary>
    IdentityProvider = 1 << 15,

    /// <summary>A code that the user named in <see cref="ClassificationOptions.ThrottlingErrorCodes"/>.</summary>
    UserThrottling = 1 << 16,

    /// <summary>A code that the user named in <see cref="ClassificationOptions.TransientErrorCodes"/>.</summary>
    UserTransient = 1 << 17,

    /// <summary>The limit, if it is one that was exceeded, is on what runs at the same time.</summary>
    Concurrency = 1 << 18,
}
