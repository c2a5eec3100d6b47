using System.Reflection;
using System.Xml.Linq;

namespace RetryHandler.Tests.Conventions;

/// <summary>What the documentation of a public member must hold.</summary>
internal static class DocumentationRules
{
    /// <summary>Tags that say nothing without text; the others (see, paramref) point somewhere.</summary>
    private static readonly HashSet<string> TextTags =
    [
        "summary", "remarks", "value", "returns", "param", "typeparam", "exception", "para", "c", "item", "description",
    ];

    /// <summary>Finds what is missing or empty.</summary>
    public static IEnumerable<string> FindBroken(MemberInfo member, XElement? documentation)
    {
        if (documentation is null)
        {
            return [$"{DocumentationId.Of(member)} is not documented"];
        }

        var broken = documentation.Descendants().Where(IsEmpty).Select(static tag => $"has an empty <{tag.Name}>");
        if (documentation.Element("inheritdoc") is null)
        {
            broken = broken.Concat(Required(member)
                .Where(tag => !documentation.Elements(tag.Tag).Any(element => tag.Name is null
                    || element.Attribute("name")?.Value == tag.Name))
                .Select(static tag => $"has no <{tag.Tag}> {tag.Name}".TrimEnd()));
        }

        return broken.Select(problem => $"{DocumentationId.Of(member)} {problem}");
    }

    private static IEnumerable<(string Tag, string? Name)> Required(MemberInfo member)
    {
        yield return ("summary", null);
        if (member is MethodInfo method && method.ReturnType != typeof(void))
        {
            yield return ("returns", null);
        }

        if (member is PropertyInfo property && NeedsValue(property))
        {
            yield return ("value", null);
        }

        foreach (var parameter in (member as MethodBase)?.GetParameters() ?? [])
        {
            yield return ("param", parameter.Name);
        }
    }

    /// <summary>An option says its default and range; a group of options has neither.</summary>
    private static bool NeedsValue(PropertyInfo property) =>
        IsOptions(property.DeclaringType!) && !(IsOptions(property.PropertyType) && property.SetMethod is null);

    private static bool IsOptions(Type type) => type.Name.EndsWith("Options", StringComparison.Ordinal);

    private static bool IsEmpty(XElement tag) =>
        TextTags.Contains(tag.Name.LocalName) && string.IsNullOrWhiteSpace(tag.Value) && !tag.HasElements;
}
