using System.Reflection;
using System.Text;
using System.Xml.Linq;
using RetryHandler.Configuration;
using RetryHandler.Tests.Conventions;

namespace RetryHandler.Tests.Documentation;

/// <summary>The table of all settings, made of the documentation in the code.</summary>
internal static class SettingsTable
{
    /// <summary>Groups that have the same settings as another one.</summary>
    private static readonly string[] LikeTransient =
        ["TransientTimeout.", "TransientNetwork.", "TransientServerError.", "Throttled."];

    /// <summary>Gets the options that have a row.</summary>
    public static IEnumerable<string> Paths => OptionTable.All.Select(static option => option.Path)
        .Where(static path => !LikeTransient.Any(group => path.StartsWith(group, StringComparison.Ordinal)));

    public static string Describe()
    {
        var table = new StringBuilder("| setting | meaning | default and range |\n|---|---|---|\n");
        foreach (var path in Paths)
        {
            var documentation = LibraryDocumentation.For(PropertyAt(path))
                ?? throw new InvalidOperationException($"{path} is not documented.");
            var meaning = TextOf(documentation, "summary").Replace("Gets or sets ", "", StringComparison.Ordinal)
                .Replace("Gets ", "", StringComparison.Ordinal).TrimEnd('.');
            var value = TextOf(documentation, "value").Replace("The default is ", "", StringComparison.Ordinal);
            table.Append("| `").Append(path).Append("` | ").Append(meaning).Append(" | ").Append(value).Append(" |\n");
        }

        return table.ToString();
    }

    private static PropertyInfo PropertyAt(string path)
    {
        var type = typeof(AdaptiveRetryOptions);
        PropertyInfo? property = null;
        foreach (var name in path.Split('.'))
        {
            property = type.GetProperty(name)
                ?? throw new InvalidOperationException($"{path} is no property of {nameof(AdaptiveRetryOptions)}.");
            type = property.PropertyType;
        }

        return property!;
    }

    private static string TextOf(XElement documentation, string tag) =>
        DocumentedDefault.Text(documentation.Element(tag)!);
}
