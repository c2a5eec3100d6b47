namespace RetryHandler.Replay;

/// <summary>How often a request's content can be sent.</summary>
internal enum ContentCapability
{
    /// <summary>As often as needed: it is in memory, or its stream can go back.</summary>
    Rewindable = 0,

    /// <summary>Once as it is, or as often as needed after it was read into memory.</summary>
    Bufferable,

    /// <summary>Once.</summary>
    SingleShot,
}
