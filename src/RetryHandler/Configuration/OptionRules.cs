using System.Globalization;
using Microsoft.Extensions.Options;
using RetryHandler.Backoff;

namespace RetryHandler.Configuration;

/// <summary>What option values are allowed. All broken rules are reported at once.</summary>
internal static class OptionRules
{
    /// <summary>
    /// Finds every broken rule; each message names the client, the property or key, the value and the remedy.
    /// </summary>
    public static IReadOnlyList<string> Check(string clientName, AdaptiveRetryOptions options)
    {
        var broken = new List<string>(options.ConfigurationProblems);
        foreach (var option in OptionTable.All)
        {
            broken.AddRange(option.FindBroken(options).Select(
                found => $"{option.Path} ({found.Value}) {found.Remedy}"));
        }

        broken.AddRange(Relations(options));
        return broken.ConvertAll(
            problem => $"HttpClient '{clientName}': {problem}{(problem.EndsWith('?') ? string.Empty : ".")}");
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

    /// <summary>Finds values that are allowed alone but not together.</summary>
    private static IEnumerable<string> Relations(AdaptiveRetryOptions options) =>
    [
        .. Delays("Transient", options.Transient, null),
        .. Delays("TransientTimeout", options.TransientTimeout, options.Transient),
        .. Delays("TransientNetwork", options.TransientNetwork, options.Transient),
        .. Delays("TransientServerError", options.TransientServerError, options.Transient),
        .. Delays("Throttled", options.Throttled, null),
        .. Costs(options),
        .. Rates(options.SendRate),
        .. Classifiers(options.Classification),
    ];

    private static IEnumerable<string> Delays(string name, FailureRetryOptions failure, FailureRetryOptions? wider)
    {
        var most = failure.MaxDelay ?? wider?.MaxDelay ?? BackoffSettings.DefaultMaxDelay;

        // An inherited base delay is capped like every other; an inherited floor would beat the cap.
        var floor = failure.MinDelay ?? (failure.MaxDelay is null ? null : wider?.MinDelay);
        (string Name, TimeSpan? Delay)[] delays = [("BaseDelay", failure.BaseDelay), ("MinDelay", floor)];
        return delays.Where(delay => delay.Delay > most && delay.Delay <= TimeSpan.FromDays(1)).Select(delay =>
            $"{name}.{delay.Name} ({delay.Delay}) is longer than {name}.MaxDelay ({most}); raise MaxDelay or lower it");
    }

    private static IEnumerable<string> Costs(AdaptiveRetryOptions options)
    {
        var quota = options.Quota;
        var isFree = options.SendRate.Enabled ?? options.Mode == RetryMode.Adaptive;
        (string Name, int? Cost)[] costs =
        [
            ("TransientCost", quota.TransientCost),
            ("TimeoutCost", quota.TimeoutCost),
            ("NetworkCost", quota.NetworkCost),
            ("ServerErrorCost", quota.ServerErrorCost),
            ("ThrottledCost", quota.ThrottledCost ?? (isFree ? 0 : RetryQuotaOptions.UnpacedThrottledCost)),
        ];
        var isOn = quota.Enabled ?? options.Mode != RetryMode.Legacy;
        return isOn && quota is { Kind: RetryQuotaKind.TokenBucket, Capacity: > 0 }
            ? costs.Where(cost => cost.Cost > quota.Capacity).Select(cost =>
                $"Quota.{cost.Name} ({cost.Cost}) is more than Quota.Capacity ({quota.Capacity}), so that no retry "
                + "could ever pay it; lower it, or set MaxAttempts to 1 for no retries")
            : [];
    }

    private static IEnumerable<string> Rates(SendRateOptions sendRate)
    {
        if (sendRate.MaxRate < sendRate.MinRate)
        {
            yield return Rate("MaxRate", sendRate.MaxRate, "below", "MinRate", sendRate.MinRate)
                + "; raise it, or leave it unset for no bound";
        }

        if (sendRate.InitialRate < sendRate.MinRate)
        {
            yield return Rate("InitialRate", sendRate.InitialRate, "below", "MinRate", sendRate.MinRate)
                + "; raise it, or leave it unset to have the rate found";
        }

        if (sendRate.InitialRate > sendRate.MaxRate)
        {
            yield return Rate("InitialRate", sendRate.InitialRate, "above", "MaxRate", sendRate.MaxRate)
                + "; lower it, or leave it unset to have the rate found";
        }
    }

    private static string Rate(string name, double? value, string relation, string other, double? bound) =>
        string.Create(
            CultureInfo.InvariantCulture, $"SendRate.{name} ({value}) is {relation} SendRate.{other} ({bound})");

    private static IEnumerable<string> Classifiers(ClassificationOptions classification) =>
        classification.Classifiers.Contains(null!)
            ? ["Classification.Classifiers (null) is not a classifier; remove it"]
            : [];
}
