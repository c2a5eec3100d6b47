namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>What the raw HTTP/2 upstream does with one request.</summary>
internal enum Http2Answer
{
    /// <summary>Executes it and answers 200.</summary>
    Ok,

    /// <summary>Executes it and answers 503.</summary>
    Unavailable,

    /// <summary>RST_STREAM with REFUSED_STREAM: not processed (RFC 9113, section 8.7).</summary>
    RefuseStream,

    /// <summary>Executes it and resets the stream with INTERNAL_ERROR.</summary>
    ResetStream,

    /// <summary>GOAWAY that names only earlier streams: not processed (RFC 9113, section 6.8).</summary>
    GoAwayUnprocessed,

    /// <summary>Executes it, sends GOAWAY with an error, then ends the connection without an answer.</summary>
    GoAwayProcessed,

    /// <summary>Executes it, then ends the connection without a word.</summary>
    Close,
}
