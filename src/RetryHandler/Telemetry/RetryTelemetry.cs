using Microsoft.Extensions.Logging;
using RetryHandler.RateLimiting;

namespace RetryHandler.Telemetry;

/// <summary>Tells what happens in one client.</summary>
internal sealed class RetryTelemetry(string clientName, ILogger logger)
{
    public void OnRetry(string method, int attempt, in AttemptVerdict verdict, TimeSpan delay)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.Retrying(clientName, method, attempt, verdict.Kind, verdict.Rule, delay);
        }
    }

    public void OnStop(string method, int attempt, in AttemptVerdict verdict, RetryStopReason reason)
    {
        // A 404 is an answer, not a retry that failed: only what this library gave up on is worth a warning.
        if (verdict.Kind != FailureKind.Permanent)
        {
            logger.GaveUp(clientName, method, attempt, verdict.Kind, verdict.Rule, reason);
        }
    }

    public void OnSendRateChanged(in SendRateState state)
    {
        if (state.IsLimiting)
        {
            logger.SendRateLimiting(clientName, state.FillRate, state.MeasuredRate);
        }
        else
        {
            logger.SendRateDormant(clientName);
        }
    }

    public void OnNestedRetries(string handler, int attempts, int otherAttempts) =>
        logger.NestedRetries(clientName, handler, attempts * otherAttempts, attempts, otherAttempts);

    public void OnSendRateLimited(string method, int attempt) => logger.NotSent(clientName, method, attempt);
}
