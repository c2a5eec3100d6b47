namespace RetryHandler.RateLimiting;

/// <summary>The law by which the limiter's limits follow the upstream's answers.</summary>
/// <remarks>
/// Pure: it knows no clock, lock or logger. The limiter calls it under its lock, once per response.
/// </remarks>
internal interface ISendRateController
{
    /// <summary>Gets what sort of limit was found.</summary>
    LimitKind Kind { get; }

    /// <summary>Gets how many requests a window of the upstream has room for, and its length in seconds.</summary>
    /// <value>0 for what is not known.</value>
    (int Count, double Length) Window => default;

    /// <summary>Gets how many attempts may be on their way while the limiter is dormant.</summary>
    double MostWhileDormant => double.PositiveInfinity;

    /// <summary>
    /// Gets whether each acceptance must be told when it comes, also while the limiter is dormant; the others are told
    /// in numbers, later.
    /// </summary>
    bool NeedsEachAcceptance => false;

    /// <summary>
    /// Computes the seconds until one more attempt may go, as far as it is not the rate that decides.
    /// </summary>
    /// <returns>Infinity when only a response can tell.</returns>
    double WaitFor(double now);

    /// <summary>Notes that an attempt goes out.</summary>
    void OnSend();

    /// <summary>Notes that an attempt was not sent after all.</summary>
    void OnReturn();

    /// <summary>Notes that an attempt was sent, and that no answer to it will come.</summary>
    void OnLost();

    /// <summary>Notes that the response which alone could tell does not come: it is waited for no longer.</summary>
    void OnOverdue(double now)
    {
    }

    /// <summary>Begins at a rate that the user knows, before the first attempt.</summary>
    SendLimits Begin(double rate, double now);

    /// <summary>Computes what is allowed after one response.</summary>
    SendLimits OnResponse(in SendReport report);

    /// <summary>
    /// Computes what is allowed when more attempts than <see cref="MostWhileDormant"/> come at once, which wakes the
    /// limiter up.
    /// </summary>
    SendLimits OnCrowd(int inFlight, double now) => throw new NotSupportedException();
}
