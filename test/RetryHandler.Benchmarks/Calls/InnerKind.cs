namespace RetryHandler.Benchmarks.Calls;

/// <summary>How the inner handler answers.</summary>
public enum InnerKind
{
    /// <summary>Its task is complete when it returns.</summary>
    AtOnce,

    /// <summary>
    /// Its task is completed later, by the thread that made the call: a suspension without a hand-off between threads,
    /// which would drown what is measured.
    /// </summary>
    Later,

    /// <summary>It goes on as another work item of the thread pool.</summary>
    ThreadPool,
}
