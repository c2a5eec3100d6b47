using Microsoft.Extensions.Logging;
using RetryHandler.RateLimiting;

namespace RetryHandler.Telemetry;

/// <summary>Writes one client's log, at the levels of its options.</summary>
internal sealed class RetryLog(string client, ILogger logger, LoggingOptions options)
{
    private readonly LogLevel _retry = options.Retry;
    private readonly LogLevel _gaveUp = options.GaveUp;
    private readonly LogLevel _change = options.Change;
    private readonly LogLevel _detail = options.Detail;

    public RetryLog With(LoggingOptions levels) => new(client, logger, levels);

    public void AttemptFailed(string method, int attempt, in AttemptVerdict verdict, int? status)
    {
        if (logger.IsEnabled(_detail))
        {
            logger.AttemptFailed(
                _detail, client, method, attempt, verdict.Kind, verdict.Rule, status, verdict.ServerDelay);
        }
    }

    public void Waited(string method, TimeSpan wait) => logger.WaitedForToken(_detail, client, method, wait);

    public void Retrying(string method, int attempt, in AttemptVerdict verdict, TimeSpan delay) =>
        logger.Retrying(_retry, client, method, attempt, verdict.Kind, verdict.Rule, delay);

    public void Succeeded(string method, int attempt) => logger.RetrySucceeded(_detail, client, method, attempt);

    public void GaveUp(string method, int attempt, in AttemptVerdict verdict, RetryStopReason reason)
    {
        if (logger.IsEnabled(_gaveUp))
        {
            logger.GaveUp(
                _gaveUp,
                client,
                StopExplanations.Of(reason),
                method,
                attempt,
                verdict.Kind,
                verdict.Rule,
                reason);
        }
    }

    public void NotSent(string method, int attempt) => logger.NotSent(_gaveUp, client, method, attempt);

    public void Slowed(string? rule, in SendRateState state)
    {
        if (logger.IsEnabled(_change))
        {
            logger.SendRateLimiting(_change, client, rule, SendRateSnapshots.WordsOf(state), state.MeasuredRate);
        }
    }

    public void Restored() => logger.SendRateDormant(_change, client);

    public void Closed(string? rule, TimeSpan pause) => logger.SendingClosed(_change, client, rule, pause);

    public void Reopened(in SendRateState state)
    {
        if (logger.IsEnabled(_change))
        {
            logger.SendingReopened(_change, client, SendRateSnapshots.WordsOf(state));
        }
    }

    public void Breaker(BreakerState state) => logger.BreakerChanged(_change, client, state);

    public void SettingsRejected(string faults) => logger.SettingsRejected(client, faults);

    public void NestedRetries(string handler, int attempts, int otherAttempts) =>
        logger.NestedRetries(client, handler, attempts * otherAttempts, attempts, otherAttempts);
}
