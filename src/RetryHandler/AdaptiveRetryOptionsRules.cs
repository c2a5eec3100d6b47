using System.Globalization;
using Microsoft.Extensions.Options;
using RetryHandler.Backoff;

namespace RetryHandler;

/// <summary>What option values are allowed. All broken rules are reported at once.</summary>
internal static class AdaptiveRetryOptionsRules
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>
    /// Finds every broken rule; each message names the client, the property, the value and the remedy.
    /// </summary>
    public static IReadOnlyList<string> Check(string clientName, AdaptiveRetryOptions options)
    {
        var broken = new List<string>();
        var client = new Rules(clientName, broken);
        client.Defined(nameof(options.Mode), options.Mode);
        client.Range(nameof(options.MaxAttempts), options.MaxAttempts, 1, 100);
        client.Positive(nameof(options.AttemptTimeout), options.AttemptTimeout, OneDay);
        client.Positive(nameof(options.TotalTimeout), options.TotalTimeout, OneDay);
        CheckFailure(client, nameof(options.Transient), options.Transient, null);
        CheckFailure(client, nameof(options.TransientTimeout), options.TransientTimeout, options.Transient);
        CheckFailure(client, nameof(options.TransientNetwork), options.TransientNetwork, options.Transient);
        CheckFailure(client, nameof(options.TransientServerError), options.TransientServerError, options.Transient);
        CheckFailure(client, nameof(options.Throttled), options.Throttled, null);
        CheckQuota(client, options.Quota);
        CheckSendRate(client, options.SendRate);
        CheckClassification(client, options.Classification);
        CheckCircuitBreaker(client, options.CircuitBreaker);
        client.Range("ServerDelay.MaxDelay", options.ServerDelay.MaxDelay, TimeSpan.Zero, OneDay);
        client.Defined("Replay.UnsafeMethods", options.Replay.UnsafeMethods);
        client.Range("Replay.MaxBufferedBytes", options.Replay.MaxBufferedBytes, 0, int.MaxValue);
        client.Defined("Logging.Retry", options.Logging.Retry);
        client.Defined("Logging.GaveUp", options.Logging.GaveUp);
        client.Defined("Logging.Change", options.Logging.Change);
        client.Defined("Logging.Detail", options.Logging.Detail);
        return broken;
    }

    public static void ThrowIfBroken(string clientName, AdaptiveRetryOptions options)
    {
        var broken = Check(clientName, options);
        if (broken.Count > 0)
        {
            throw new OptionsValidationException(clientName, typeof(AdaptiveRetryOptions), broken);
        }
    }

    /// <summary>Refuses a setting that has no effect in some place, instead of ignoring it there.</summary>
    public static void ThrowIfSet(string clientName, string property, object? value)
    {
        if (value is not null)
        {
            throw new OptionsValidationException(
                clientName,
                typeof(AdaptiveRetryOptions),
                [$"Pipeline '{clientName}': {property} ({value}) can't be used in a Polly pipeline; add Polly's own "
                    + "strategy beside this one instead."]);
        }
    }

    private static void CheckFailure(
        Rules client, string name, FailureRetryOptions failure, FailureRetryOptions? wider)
    {
        client.Range($"{name}.MaxAttempts", failure.MaxAttempts, 1, 100);
        client.Range($"{name}.MaxDelay", failure.MaxDelay, TimeSpan.Zero, OneDay);
        client.Range($"{name}.BaseDelay", failure.BaseDelay, TimeSpan.Zero, OneDay);
        client.Range($"{name}.MinDelay", failure.MinDelay, TimeSpan.Zero, OneDay);
        client.Defined($"{name}.Backoff", failure.Backoff);
        client.Defined($"{name}.Jitter", failure.Jitter);
        var most = failure.MaxDelay ?? wider?.MaxDelay ?? BackoffSettings.DefaultMaxDelay;
        CheckBelowMaxDelay(client, $"{name}.BaseDelay", failure.BaseDelay, name, most);
        CheckBelowMaxDelay(client, $"{name}.MinDelay", failure.MinDelay, name, most);
    }

    private static void CheckBelowMaxDelay(Rules client, string property, TimeSpan? delay, string name, TimeSpan most)
    {
        if (delay > most && delay <= OneDay)
        {
            client.Break(
                property, delay, $"is longer than {name}.MaxDelay ({most}); raise MaxDelay or lower it");
        }
    }

    private static void CheckQuota(Rules client, RetryQuotaOptions quota)
    {
        const int Most = 1_000_000;
        client.Range("Quota.Capacity", quota.Capacity, 0, Most);
        client.Range("Quota.TransientCost", quota.TransientCost, 0, Most);
        client.Defined("Quota.Kind", quota.Kind);
        client.Range("Quota.TimeoutCost", quota.TimeoutCost, 0, Most);
        client.Range("Quota.NetworkCost", quota.NetworkCost, 0, Most);
        client.Range("Quota.ServerErrorCost", quota.ServerErrorCost, 0, Most);
        client.Range("Quota.ThrottledCost", quota.ThrottledCost, 0, Most);
        client.Range("Quota.FirstTryRefund", quota.FirstTryRefund, 0, Most);
        CheckCost(client, quota, "Quota.TransientCost", quota.TransientCost);
        CheckCost(client, quota, "Quota.TimeoutCost", quota.TimeoutCost ?? 0);
        CheckCost(client, quota, "Quota.NetworkCost", quota.NetworkCost ?? 0);
        CheckCost(client, quota, "Quota.ServerErrorCost", quota.ServerErrorCost ?? 0);
        CheckCost(client, quota, "Quota.ThrottledCost", quota.ThrottledCost ?? 0);
        client.Range("Quota.RefillPerMinute", quota.RefillPerMinute, 0d, Most);
        client.Range("Quota.MinRetriesPerSecond", quota.MinRetriesPerSecond, 0d, Most);
        if (!(quota.MaxRatio > 0 && quota.MaxRatio <= 10))
        {
            client.Break("Quota.MaxRatio", quota.MaxRatio, "must be above 0 and at most 10");
        }
    }

    private static void CheckCost(Rules client, RetryQuotaOptions quota, string name, int cost)
    {
        if (quota.Kind == RetryQuotaKind.TokenBucket && quota.Capacity > 0 && cost > quota.Capacity)
        {
            client.Break(
                name,
                cost,
                $"is more than Quota.Capacity ({quota.Capacity}), so that no retry could ever pay it; lower it, or set "
                    + "MaxAttempts to 1 for no retries");
        }
    }

    private static void CheckSendRate(Rules client, SendRateOptions sendRate)
    {
        if (!(sendRate.MinRate > 0) || double.IsInfinity(sendRate.MinRate))
        {
            client.Break("SendRate.MinRate", sendRate.MinRate, "must be above 0 and finite; the AWS value is 0.5");
        }

        if (sendRate.MaxRate is { } maxRate && !(maxRate >= sendRate.MinRate))
        {
            client.Break("SendRate.MaxRate", maxRate, $"is below SendRate.MinRate ({sendRate.MinRate}); raise it, or "
                + "leave it unset for no bound");
        }

        client.Range("SendRate.MaxWait", sendRate.MaxWait, TimeSpan.Zero, OneDay);
        client.Range("SendRate.QueueLimit", sendRate.QueueLimit, 0, int.MaxValue);
    }

    private static void CheckCircuitBreaker(Rules client, CircuitBreakerOptions breaker)
    {
        var halfASecond = TimeSpan.FromSeconds(0.5);
        if (!(breaker.FailureRatio > 0 && breaker.FailureRatio <= 1))
        {
            client.Break("CircuitBreaker.FailureRatio", breaker.FailureRatio, "must be above 0 and at most 1");
        }

        client.Range("CircuitBreaker.MinimumThroughput", breaker.MinimumThroughput, 2, 1_000_000);
        client.Range("CircuitBreaker.SamplingDuration", breaker.SamplingDuration, halfASecond, OneDay);
        client.Range("CircuitBreaker.BreakDuration", breaker.BreakDuration, halfASecond, OneDay);
    }

    private static void CheckClassification(Rules client, ClassificationOptions classification)
    {
        client.Range("Classification.MaxErrorBodyBytes", classification.MaxErrorBodyBytes, 0, 65_536);
        client.Positive(
            "Classification.ErrorBodyTimeout", classification.ErrorBodyTimeout, TimeSpan.FromMinutes(1));
        client.StatusCodes("Classification.ThrottledStatusCodes", classification.ThrottledStatusCodes);
        client.StatusCodes("Classification.TransientStatusCodes", classification.TransientStatusCodes);
        if (classification.Classifiers.Contains(null!))
        {
            client.Break("Classification.Classifiers", "null", "is not a classifier; remove it");
        }
    }

    /// <summary>The rules for single values, which all read the same.</summary>
    private readonly struct Rules(string clientName, List<string> broken)
    {
        public void Break<T>(string property, T value, string remedy) =>
            broken.Add(string.Create(
                CultureInfo.InvariantCulture, $"HttpClient '{clientName}': {property} ({value}) {remedy}."));

        public void Range<T>(string property, T? value, T least, T most)
            where T : struct, IComparable<T>
        {
            // NaN compares below everything, so it breaks this rule too.
            if (value is { } given && (given.CompareTo(least) < 0 || given.CompareTo(most) > 0))
            {
                var remedy = string.Create(CultureInfo.InvariantCulture, $"must be between {least} and {most}");
                Break(property, given, remedy);
            }
        }

        public void Positive(string property, TimeSpan? value, TimeSpan most)
        {
            if (value <= TimeSpan.Zero || value > most)
            {
                Break(property, value, $"must be above zero and at most {most}");
            }
        }

        public void Defined<T>(string property, T value)
            where T : struct, Enum => Defined(property, (T?)value);

        public void Defined<T>(string property, T? value)
            where T : struct, Enum
        {
            if (value is { } given && !Enum.IsDefined(given))
            {
                Break(property, value, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");
            }
        }

        public void StatusCodes(string property, IEnumerable<int> codes)
        {
            foreach (var code in codes.Where(static code => code is < 400 or > 599))
            {
                Break(property, code, "must hold status codes between 400 and 599");
            }
        }
    }
}
