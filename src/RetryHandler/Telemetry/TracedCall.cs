namespace RetryHandler.Telemetry;

/// <summary>What telemetry has to know of a call.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Trace">The call's trace, if somebody listens to traces.</param>
internal readonly record struct TracedCall(string Method, CallTrace? Trace);
