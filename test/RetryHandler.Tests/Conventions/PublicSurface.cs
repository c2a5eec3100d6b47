using System.Reflection;
using System.Runtime.CompilerServices;

namespace RetryHandler.Tests.Conventions;

/// <summary>Writes down what an assembly shows to the world, in an order that depends on names only.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static string Describe(Assembly assembly)
    {
        var types = assembly.GetExportedTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal);
        return string.Join("\n", types.Select(Describe));
    }

    /// <summary>Finds the members of a type that code outside the assembly can name.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type type) =>
        type.GetMembers(Declared).Where(static member => member switch
        {
            // Accessors are written with their property; the compiler's own members (of records) say nothing new.
            MethodInfo method => IsVisible(method) && !method.IsSpecialName && !IsGenerated(method),
            ConstructorInfo constructor => IsVisible(constructor) && !IsGenerated(constructor),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible) && !IsGenerated(property),
            EventInfo @event => @event.AddMethod is { } add && IsVisible(add),
            FieldInfo field => (field.IsPublic || (field.IsFamily && !field.DeclaringType!.IsSealed))
                && !field.IsSpecialName,
            _ => false,
        });

    private static string Describe(Type type)
    {
        var members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")
            : MembersOf(type)
                .Select(static member => (member.Name, Text: SurfaceText.Of(member)))
                .OrderBy(static member => member.Name, StringComparer.Ordinal)
                .ThenBy(static member => member.Text, StringComparer.Ordinal)
                .Select(static member => member.Text);
        return string.Concat(new[] { SurfaceText.Of(type) }.Concat(members.Select(static member => $"    {member}"))
            .Select(static line => line + "\n"));
    }

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);
}
