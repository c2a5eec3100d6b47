using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RetryHandler.Tests.Conventions;

/// <summary>Reads the default out of a <c>value</c> tag: "The default is 4096 bytes. Between ...".</summary>
internal static partial class DocumentedDefault
{
    private const string Lead = "The default is ";

    private static readonly Dictionary<string, Func<double, TimeSpan>> TimeUnits = new()
    {
        ["ms"] = TimeSpan.FromMilliseconds,
        ["s"] = TimeSpan.FromSeconds,
        ["second"] = TimeSpan.FromSeconds,
        ["seconds"] = TimeSpan.FromSeconds,
        ["minute"] = TimeSpan.FromMinutes,
        ["minutes"] = TimeSpan.FromMinutes,
        ["hour"] = TimeSpan.FromHours,
        ["hours"] = TimeSpan.FromHours,
        ["day"] = TimeSpan.FromDays,
        ["days"] = TimeSpan.FromDays,
    };

    /// <summary>Says whether a <c>value</c> tag states a default at all.</summary>
    public static bool IsStated(XElement value) => Text(value).StartsWith(Lead, StringComparison.Ordinal);

    /// <summary>Compares the stated default with the real one.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? FindContradiction(XElement value, object? actual)
    {
        var stated = Text(value)[Lead.Length..];
        var matches = actual switch
        {
            null => stated.StartsWith("null", StringComparison.Ordinal),
            bool flag => FirstWord(stated) == (flag ? "true" : "false"),
            Enum name => FirstWord(stated) == name.ToString(),
            TimeSpan time => FirstTime(stated) == time,
            int or long or double => FirstNumber(stated) == Convert.ToDouble(actual, CultureInfo.InvariantCulture),
            IEnumerable<int> numbers => Numbers(FirstSentence(stated)).ToHashSet().SetEquals(numbers),
            IEnumerable items when !items.GetEnumerator().MoveNext() => FirstWord(stated) == "empty",
            _ => false,
        };
        return matches ? null : $"documented as '{FirstSentence(stated)}', is '{actual ?? "null"}'";
    }

    /// <summary>Writes <c>see</c> tags as the name they point to, which is how a reader sees them.</summary>
    public static string Text(XElement value) => WhiteSpacePattern().Replace(
        string.Concat(value.Nodes().Select(static node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see =>
                see.Attribute("langword")?.Value ?? LastPart(see.Attribute("cref")!.Value),
            XElement element => element.Value,
            _ => string.Empty,
        })),
        " ").Trim();

    private static string FirstWord(string text) => FirstWordPattern().Match(text).Value;

    private static string FirstSentence(string text) => text.Split(". ")[0].TrimEnd('.');

    private static double FirstNumber(string text) => NumberPattern().Match(text) is { Success: true, Index: 0 } match
        ? Parse(match.Value)
        : double.NaN;

    private static TimeSpan? FirstTime(string text) =>
        TimePattern().Match(text) is { Success: true } match
        && TimeUnits.TryGetValue(match.Groups[2].Value, out var unit)
            ? unit(Parse(match.Groups[1].Value))
            : null;

    /// <summary>Reads "1, 2 and 5 to 7".</summary>
    private static IEnumerable<int> Numbers(string text) => RangePattern().Matches(text).SelectMany(static match =>
    {
        var first = (int)Parse(match.Groups[1].Value);
        var last = match.Groups[2].Success ? (int)Parse(match.Groups[2].Value) : first;
        return Enumerable.Range(first, last - first + 1);
    });

    private static double Parse(string number) =>
        double.Parse(number, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static string LastPart(string cref) => cref[(cref.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"^\w+")]
    private static partial Regex FirstWordPattern();

    [GeneratedRegex(@"\d[\d,]*(?:\.\d+)?")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"^(\d[\d,]*(?:\.\d+)?) (\w+)")]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"(\d+)(?: to (\d+))?")]
    private static partial Regex RangePattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpacePattern();
}
