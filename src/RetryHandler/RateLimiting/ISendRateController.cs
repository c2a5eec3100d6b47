namespace RetryHandler.RateLimiting;

/// <summary>The law by which the limiter's limits follow the upstream's answers.</summary>
/// <remarks>
/// Pure: it knows no clock, lock or logger. The limiter calls it under its lock, once per response, but for
/// the acceptances of which only the number is told.
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
    /// Gets whether the next attempts and acceptances must be told one by one, also if nobody waits for a token then.
    /// If not, only the number of those that were accepted is told, with <see cref="OnAccepted"/>.
    /// </summary>
    /// <param name="isLimiting">Not so while the limiter is dormant.</param>
    bool NeedsEachAttempt(bool isLimiting) => true;

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
    /// Notes acceptances that came while nobody waited; what is allowed stays the same. They may be those of attempts
    /// that were sent before the last refusal.
    /// </summary>
    void OnAccepted(in CountedAcceptances accepted, double now) => throw new NotSupportedException();

    /// <summary>
    /// Computes what is allowed when more attempts than <see cref="MostWhileDormant"/> come at once, which wakes the
    /// limiter up.
    /// </summary>
    SendLimits OnCrowd(int inFlight, double now) => throw new NotSupportedException();
}
