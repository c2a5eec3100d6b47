using RetryHandler.Benchmarks.Calls;

namespace RetryHandler.Benchmarks.Quick;

/// <summary>What one client took for one row.</summary>
/// <param name="Kind">The client.</param>
/// <param name="Ratio">Processor time for a call, in multiples of the bare client's.</param>
/// <param name="Nanoseconds">Processor time for a call.</param>
/// <param name="Bytes">Allocated for a call.</param>
internal sealed record CallResult(ClientKind Kind, Spread Ratio, Spread Nanoseconds, double Bytes);
