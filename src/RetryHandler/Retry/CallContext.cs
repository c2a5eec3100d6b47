using RetryHandler.Replay;

namespace RetryHandler.Retry;

/// <summary>What stays the same over all attempts of one call.</summary>
/// <param name="Request">The message; <see langword="null"/> in a pipeline that does not tell it.</param>
/// <param name="Replay">The message as it was before the first attempt.</param>
/// <param name="Deadline">When the call's total time ends.</param>
/// <param name="Caller">The caller's token.</param>
/// <param name="CancellationToken">The caller's token, linked with the total time.</param>
internal readonly record struct CallContext(
    HttpRequestMessage? Request,
    RequestReplay Replay,
    Deadline Deadline,
    CancellationToken Caller,
    CancellationToken CancellationToken);
