using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace RetryHandler.Tests.Conventions;

/// <summary>Writes signatures, close to how C# writes them.</summary>
internal static class SurfaceText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Of(Type type)
    {
        var sort = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsSealed: true } => "sealed class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        var isPlainBase = type.BaseType is null || type.BaseType == typeof(object) || type.BaseType.IsValueType
            || type.BaseType == typeof(ValueType) || type.IsEnum;
        Type[] inherited = type.IsEnum ? type.GetInterfaces() : type.BaseType?.GetInterfaces() ?? [];
        var bases = (isPlainBase ? [] : new[] { type.BaseType! })
            .Concat(type.GetInterfaces().Except(inherited))
            .Select(Name)
            .Order(StringComparer.Ordinal)
            .ToList();
        return $"{sort} {Name(type)}{(bases.Count > 0 ? $" : {string.Join(", ", bases)}" : string.Empty)}";
    }

    public static string Of(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Modifiers(method)}{Annotated(method.ReturnParameter)} {method.Name}{Generics(method)}"
            + $"({Parameters(method)})",
        ConstructorInfo constructor => $"{Modifiers(constructor)}.ctor({Parameters(constructor)})",
        PropertyInfo property => $"{Modifiers(property.GetAccessors(nonPublic: true)[0])}{Annotated(property)} "
            + $"{property.Name} {{ {Accessors(property)}}}",
        FieldInfo field => $"{(field.IsStatic ? "static " : string.Empty)}{Annotated(field)} {field.Name}",
        EventInfo @event => $"event {Name(@event.EventHandlerType!)} {@event.Name}",
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "Not a member of a public surface."),
    };

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily || method.IsFamilyOrAssembly ? "protected " : string.Empty)
        + (method.IsStatic ? "static " : string.Empty)
        + (method is MethodInfo { IsVirtual: true } virtualMethod && !method.DeclaringType!.IsInterface
            ? virtualMethod.GetBaseDefinition() == virtualMethod ? "virtual " : "override "
            : string.Empty);

    private static string Accessors(PropertyInfo property)
    {
        var getter = property.GetMethod is { IsPublic: true } ? "get; " : string.Empty;
        var setter = property.SetMethod is not { IsPublic: true } set ? string.Empty
            : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; "
            : "set; ";
        return getter + setter;
    }

    private static string Generics(MethodInfo method) => method.IsGenericMethod
        ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>"
        : string.Empty;

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select((parameter, index) =>
            (index == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : string.Empty)
            + $"{Direction(parameter)}{Annotated(parameter)} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {Default(parameter)}" : string.Empty)));

    private static string Direction(ParameterInfo parameter) =>
        parameter.IsIn ? "in "
        : parameter.IsOut ? "out "
        : parameter.ParameterType.IsByRef ? "ref "
        : string.Empty;

    private static string Default(ParameterInfo parameter) =>
        parameter.DefaultValue is null && parameter.ParameterType.IsValueType
            ? "default"
            : Convert.ToString(parameter.DefaultValue, CultureInfo.InvariantCulture) is { Length: > 0 } text
                ? text
                : "null";

    private static string Annotated(ParameterInfo parameter) =>
        Name(parameter.ParameterType) + Mark(new NullabilityInfoContext().Create(parameter));

    private static string Annotated(PropertyInfo property) =>
        Name(property.PropertyType) + Mark(new NullabilityInfoContext().Create(property));

    private static string Annotated(FieldInfo field) =>
        Name(field.FieldType) + Mark(new NullabilityInfoContext().Create(field));

    private static string Mark(NullabilityInfo nullability) =>
        !nullability.Type.IsValueType
        && NullabilityState.Nullable == (nullability.ReadState == NullabilityState.Unknown
            ? nullability.WriteState
            : nullability.ReadState) ? "?" : string.Empty;

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Name(value)}?";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        var name = type.IsGenericParameter ? type.Name : type.FullName ?? $"{type.Namespace}.{type.Name}";
        return type.IsGenericType
            ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }
}
