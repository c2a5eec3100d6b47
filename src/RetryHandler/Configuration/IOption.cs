using Microsoft.Extensions.Configuration;

namespace RetryHandler.Configuration;

/// <summary>One option: where it stands, how a configuration value becomes it, and what values are allowed.</summary>
internal interface IOption
{
    /// <summary>Gets its place in the options, with dots: <c>Throttled.BaseDelay</c>.</summary>
    string Path { get; }

    /// <summary>Sets it from a configuration key.</summary>
    /// <returns>What is wrong with the value and how to put it right, or <see langword="null"/>.</returns>
    string? Bind(AdaptiveRetryOptions options, IConfigurationSection section);

    /// <summary>Finds values that are not allowed: the value, and how to put it right.</summary>
    IEnumerable<(string Value, string Remedy)> FindBroken(AdaptiveRetryOptions options);

    /// <summary>Writes the value as a configuration would.</summary>
    /// <returns><see langword="null"/> when it is not set.</returns>
    string? Show(AdaptiveRetryOptions options);
}
