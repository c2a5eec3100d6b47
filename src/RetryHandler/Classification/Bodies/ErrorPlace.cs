namespace RetryHandler.Classification;

/// <summary>Where in a body a value stands: only errors have codes, data may hold the same words.</summary>
internal enum ErrorPlace : byte
{
    /// <summary>Below a name that errors do not use, so this is data.</summary>
    Outside = 0,

    /// <summary>In the outermost object.</summary>
    Root,

    /// <summary><c>error</c> in the root.</summary>
    RootError,

    /// <summary><c>errors[]</c> in the root.</summary>
    RootErrors,

    /// <summary><c>errors[].extensions</c>: GraphQL.</summary>
    GraphExtensions,

    /// <summary><c>Response</c> in the root: Tencent Cloud, EC2.</summary>
    Response,

    /// <summary><c>Response.Error</c>.</summary>
    ResponseError,

    /// <summary><c>json</c> in the root: Reddit.</summary>
    Json,

    /// <summary>Any other place that is reached through the names of errors alone.</summary>
    Error,

    /// <summary>An error behind the error: <c>cause</c>, <c>innererror</c>.</summary>
    Cause,

    /// <summary><c>data</c> or <c>result</c> in the root: of a success all it says, of an error a detail.</summary>
    Data,

    /// <summary>Beside an error, where APIs put delays: <c>parameters</c>, <c>metadata</c>.</summary>
    Aside,
}
