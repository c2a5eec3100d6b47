namespace RetryHandler.Classification;

/// <summary>The clock by which the upstream's dates are to be read: its own, as far as it tells the time.</summary>
/// <remarks>
/// A local clock that is some minutes ahead would turn "not before 12:00:20" into "now". The date of a response was
/// taken before it was sent and is cut to whole seconds, so the delays that come out are never too short.
/// </remarks>
internal readonly struct ServerClock(HttpResponseMessage response, TimeProvider timeProvider)
{
    public DateTimeOffset GetUtcNow() => response.Headers.Date ?? timeProvider.GetUtcNow();
}
