using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RetryHandler.Configuration;

/// <summary>An option with any number of values. A configured list takes the place of the default.</summary>
/// <remarks>
/// Written as an array, or as one value with commas, which is what an environment variable can hold and beats an array.
/// </remarks>
internal sealed class SetOption<T>(
    string path,
    OptionText<T> text,
    Func<AdaptiveRetryOptions, ISet<T>> get,
    Func<T, string?> findFault) : IOption
    where T : notnull
{
    public string Path => path;

    public string? Bind(AdaptiveRetryOptions options, IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        if (children.Find(static child => !child.Key.All(char.IsAsciiDigit)) is { } named)
        {
            return $"has a key {named.Key} below it; write an array, or one value with commas";
        }

        var items = section.Value is { } line
            ? line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. children.Select(static child => child.Value ?? string.Empty)];
        var values = new List<T>();
        foreach (var item in items)
        {
            if (!text.TryRead(item, out var value))
            {
                return $"holds '{item}', which {text.Remedy}";
            }

            if (findFault(value) is { } remedy)
            {
                return $"holds '{item}', but {remedy}";
            }

            values.Add(value);
        }

        if (section.Value is not null || values.Count > 0)
        {
            get(options).Clear();
            get(options).UnionWith(values);
        }

        return null;
    }

    public IEnumerable<(string Value, string Remedy)> FindBroken(AdaptiveRetryOptions options) =>
        get(options).Select(value => (Show(value), findFault(value)!)).Where(static broken => broken.Item2 is not null);

    public string? Show(AdaptiveRetryOptions options) => string.Join(", ", get(options).Select(Show));

    private static string Show(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
