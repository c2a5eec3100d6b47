namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>How much of a request the upstream reads before it acts.</summary>
internal enum RawReading
{
    /// <summary>Nothing: the step follows the connection, or the answer before.</summary>
    Nothing,

    /// <summary>The request line and the headers.</summary>
    Head,

    /// <summary>The head and the body: the upstream executes the request.</summary>
    All,
}
