using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RetryHandler.Configuration;

/// <summary>An option with one value.</summary>
internal sealed class ScalarOption<T>(
    string path,
    OptionText<T> text,
    Func<AdaptiveRetryOptions, T?> get,
    Action<AdaptiveRetryOptions, T> set,
    Func<T, string?> findFault) : IOption
    where T : struct
{
    public string Path => path;

    public string? Bind(AdaptiveRetryOptions options, IConfigurationSection section)
    {
        if (section.GetChildren().Any())
        {
            return "is a section; write one value";
        }

        if (string.IsNullOrEmpty(section.Value))
        {
            return null; // Nothing was said: null in JSON, or an empty environment variable.
        }

        if (!text.TryRead(section.Value, out var value))
        {
            return text.Remedy;
        }

        // Here and not with the other rules, which can't name the key: a client's section, or that of all clients.
        if (findFault(value) is { } remedy)
        {
            return remedy;
        }

        set(options, value);
        return null;
    }

    public IEnumerable<(string Value, string Remedy)> FindBroken(AdaptiveRetryOptions options)
    {
        if (get(options) is { } value && findFault(value) is { } remedy)
        {
            yield return (Show(value), remedy);
        }
    }

    public string? Show(AdaptiveRetryOptions options) => get(options) is { } value ? Show(value) : null;

    private static string Show(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
