using Microsoft.Extensions.Configuration;

namespace RetryHandler.Configuration;

/// <summary>Sets options from a configuration section. A key that it does not know is an error.</summary>
/// <remarks>
/// Written by hand and not left to the configuration binder, which passes over keys that it does not know: a
/// misspelt limit would silently not be there. It needs no reflection.
/// </remarks>
internal static class OptionBinder
{
    /// <summary>Sets what the section says; problems are kept in the options, until all are told at once.</summary>
    public static void Bind(AdaptiveRetryOptions options, IConfiguration section)
    {
        if (section is IConfigurationSection { Value.Length: > 0 } misplaced)
        {
            options.ConfigurationProblems.Add(Misplaced(misplaced));
        }

        BindChildren(options, section, place: string.Empty);
    }

    /// <summary>Names a key that is not known; with its value only if it is a misspelt one.</summary>
    /// <remarks>Whoever passes the wrong section, or all of them, must not find its secrets in a log.</remarks>
    /// <param name="section">What stands there.</param>
    /// <param name="fault">What it is not.</param>
    /// <param name="known">The keys that there are.</param>
    public static string Unknown(IConfigurationSection section, string fault, IReadOnlyCollection<string> known) =>
        NearestName.Find(section.Key, known) is { } nearest
            ? $"{section.Path} ({ValueOf(section)}) {fault}; did you mean {nearest}?"
            : $"{section.Path} {fault}; there are {string.Join(", ", known)}";

    /// <summary>Shows what stands at a key.</summary>
    private static string ValueOf(IConfigurationSection section) =>
        section.Value ?? (section.GetChildren().Any() ? "keys below it" : "null");

    private static void BindChildren(AdaptiveRetryOptions options, IConfiguration parent, string place)
    {
        foreach (var child in parent.GetChildren())
        {
            var path = place + child.Key;
            if (child.Key.Contains('.', StringComparison.Ordinal))
            {
                // The dots of our messages: read like a path, it would compete with the real key.
                options.ConfigurationProblems.Add(
                    $"{child.Path} is not a setting; write each group as a section of its own");
            }
            else if (OptionTable.ByPath.TryGetValue(path, out var option))
            {
                if (option.Bind(options, child) is { } problem)
                {
                    options.ConfigurationProblems.Add($"{child.Path} ({ValueOf(child)}) {problem}");
                }
            }
            else if (!NamesBelow(path + ".").Any())
            {
                options.ConfigurationProblems.Add(Unknown(child, "is not a setting", [.. NamesBelow(place)]));
            }
            else if (string.IsNullOrEmpty(child.Value))
            {
                BindChildren(options, child, path + ".");
            }
            else
            {
                options.ConfigurationProblems.Add(Misplaced(child));
            }
        }
    }

    private static IEnumerable<string> NamesBelow(string place) => OptionTable.All
        .Where(option => option.Path.StartsWith(place, StringComparison.OrdinalIgnoreCase))
        .Select(option => option.Path[place.Length..].Split('.')[0])
        .Distinct();

    private static string Misplaced(IConfigurationSection section) =>
        $"{section.Path} ({section.Value}) is a value where settings were expected; write them as keys below it";
}
