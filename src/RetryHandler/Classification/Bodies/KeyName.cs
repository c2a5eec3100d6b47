namespace RetryHandler.Classification;

/// <summary>The names that have a meaning of their own beside their <see cref="KeyRoles"/>.</summary>
internal enum KeyName : byte
{
    Other = 0,
    Error,
    Errors,
    Extensions,
    Response,
    Json,
    Aside,

    /// <summary>What led to the error, at some other place.</summary>
    Cause,

    /// <summary>In the root the place of the error (Foursquare, Instagram); elsewhere beside it.</summary>
    Meta,

    /// <summary>AWS's <c>__type</c>, a code only in the root.</summary>
    AwsType,

    /// <summary>The words of an error message.</summary>
    ErrorMessage,

    /// <summary>What a success would carry.</summary>
    Data,

    /// <summary>True for a success.</summary>
    Success,

    /// <summary>A word for success or failure, or a code.</summary>
    Status,
    JsonRpc,

    /// <summary>What envelopes of answers carry beside the answer: times, the request's number, links.</summary>
    Incidental,

    /// <summary>A delay in seconds, or with its unit, or an instant.</summary>
    RetryAfter,
    RetryAfterMilliseconds,
    QuotaId,
    ViolatedPolicies,

    /// <summary>Elasticsearch: whether a refusal for want of memory may pass.</summary>
    Durability,
    RequestedCost,
    AvailableCost,
    RestoreRate,
}
