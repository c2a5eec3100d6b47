namespace RetryHandler.RateLimiting;

/// <summary>The smoothed time from sending an attempt to its answer, as TCP has it (RFC 6298). Pure.</summary>
internal struct RoundTripTime
{
    /// <summary>Gets the time in seconds; 0 while nothing is known.</summary>
    public double Value { get; private set; }

    /// <summary>Learns from an answer, unless nobody knows when its attempt was sent.</summary>
    public void Add(in SendReport report)
    {
        if (!double.IsInfinity(report.SentAt) && !report.IsSentLater)
        {
            var time = report.Now - report.SentAt;
            Value = Value == 0 ? time : (0.875 * Value) + (0.125 * time);
        }
    }
}
