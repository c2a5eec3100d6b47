namespace FlakyUpstream.Limits;

/// <summary>The answer of a limit to one request.</summary>
/// <param name="IsAccepted">Whether the request may run.</param>
/// <param name="Wait">When refused: how long until a request could be accepted, where the limit knows.</param>
/// <param name="Slot">When accepted: what the request occupies until it ends.</param>
/// <param name="Budget">What is left after the request, where the limit counts.</param>
internal readonly record struct Admission(
    bool IsAccepted, TimeSpan? Wait = null, IDisposable? Slot = null, Budget? Budget = null);
