using System.Globalization;

namespace RetryHandler.Configuration;

/// <summary>The retry settings of the AWS SDKs, as keys of ours.</summary>
internal static class AwsSettings
{
    private const string Defaults = $"{RootSection.Name}:{RootSection.Defaults}";
    private const string Mode = $"{Defaults}:{nameof(AdaptiveRetryOptions.Mode)}";
    private const string MaxAttempts = $"{Defaults}:{nameof(AdaptiveRetryOptions.MaxAttempts)}";

    /// <summary>Translates what is set; what is not set stays out, for weaker sources to say.</summary>
    /// <param name="mode">Where the mode stands, and what stands there.</param>
    /// <param name="maxAttempts">Where the attempts stand, and what stands there.</param>
    /// <exception cref="FormatException">A value means nothing.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Translate(
        (string Key, string? Value) mode, (string Key, string? Value) maxAttempts)
    {
        if (!string.IsNullOrWhiteSpace(mode.Value))
        {
            yield return new(Mode, mode.Value.Trim().ToUpperInvariant() switch
            {
                "LEGACY" => nameof(RetryMode.Legacy),
                "STANDARD" => nameof(RetryMode.Standard),
                "ADAPTIVE" => nameof(RetryMode.Adaptive),
                _ => throw new FormatException(
                    $"{mode.Key} ({mode.Value}) is not a retry mode; write legacy, standard or adaptive."),
            });
        }

        if (!string.IsNullOrWhiteSpace(maxAttempts.Value))
        {
            var isNumber = int.TryParse(
                maxAttempts.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var attempts);
            yield return isNumber && attempts is >= 1 and <= 100
                ? new(MaxAttempts, attempts.ToString(CultureInfo.InvariantCulture))
                : throw new FormatException(
                    $"{maxAttempts.Key} ({maxAttempts.Value}) is not a number of attempts; write 1 (never retry) to "
                    + "100, the first attempt included.");
        }
    }
}
