namespace RetryHandler;

/// <summary>Says what sort of limit a client's upstream was found to have.</summary>
public enum LimitKind
{
    /// <summary>No limit was met yet, or too little is known of it.</summary>
    Unknown = 0,

    /// <summary>A rate: so many requests per second, with a reserve for bursts.</summary>
    Rate,

    /// <summary>A rate of which other clients take their share.</summary>
    SharedRate,

    /// <summary>A window: so many requests until some instant, named or found, and then as many again.</summary>
    Window,

    /// <summary>Concurrency: so many requests at the same time, however fast.</summary>
    Concurrency,

    /// <summary>A budget that the upstream publishes in the headers of its answers.</summary>
    PublishedBudget,
}
