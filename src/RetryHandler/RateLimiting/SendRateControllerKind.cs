namespace RetryHandler;

/// <summary>Says by which law a client's send rate follows its upstream.</summary>
public enum SendRateControllerKind
{
    /// <summary>
    /// Finds out what sort of limit the upstream has (a rate, a rate shared with others, a window, so many requests at
    /// the same time, or a budget that it publishes), measures what is accepted, and keeps to it.
    /// </summary>
    Probing = 0,

    /// <summary>
    /// The law of the AWS SDKs' adaptive mode: cut to 70 % at each throttle, then grow on a cubic curve.
    /// </summary>
    Cubic,
}
