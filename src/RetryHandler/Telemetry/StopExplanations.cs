namespace RetryHandler.Telemetry;

/// <summary>The stop reasons in the words of a log line.</summary>
internal static class StopExplanations
{
    public static string Of(RetryStopReason reason) => reason switch
    {
        RetryStopReason.UpstreamQuotaExhausted => "the upstream's own quota is used up",
        RetryStopReason.Disabled => "retry needed but ruled out for this request",
        RetryStopReason.AttemptsExhausted => "retry needed but max attempts reached",
        RetryStopReason.NotReplayable => "retry needed but the content can be sent only once",
        RetryStopReason.UnsafeToRepeat => "retry needed but it might act twice",
        RetryStopReason.ServerDelayTooLong => "retry needed but the upstream asks for too long a delay",
        RetryStopReason.DeadlineTooNear => "retry needed but the call's time is too short",
        RetryStopReason.SendRateLimited => "retry needed but the wait for a send token is too long",
        RetryStopReason.RetryQuotaExhausted => "retry needed but retry quota reached",
        RetryStopReason.CircuitOpen => "the circuit breaker is open",
        RetryStopReason.Vetoed => "retry needed but OnRetry ruled it out",
        _ => "no retry possible",
    };
}
