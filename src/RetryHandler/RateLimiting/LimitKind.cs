namespace RetryHandler;

/// <summary>Says what sort of limit the upstream seems to enforce.</summary>
public enum LimitKind
{
    /// <summary>Not known: the upstream has not throttled, or gave no sign of the sort.</summary>
    Unknown = 0,

    /// <summary>So many requests per second.</summary>
    Rate,

    /// <summary>So many requests in each window of time.</summary>
    Window,

    /// <summary>So many requests at once.</summary>
    Concurrency,
}
