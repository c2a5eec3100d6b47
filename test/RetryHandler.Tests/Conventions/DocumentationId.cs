using System.Reflection;

namespace RetryHandler.Tests.Conventions;

/// <summary>Makes the ids under which the compiler writes documentation (C# specification, annex D.4).</summary>
internal static class DocumentationId
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{Name(type)}",
        MethodBase method => $"M:{Name(method.DeclaringType!)}.{MethodName(method)}"
            + Parameters(method.GetParameters()),
        PropertyInfo property => $"P:{Name(property.DeclaringType!)}.{property.Name}"
            + Parameters(property.GetIndexParameters()),
        FieldInfo field => $"F:{Name(field.DeclaringType!)}.{field.Name}",
        EventInfo @event => $"E:{Name(@event.DeclaringType!)}.{@event.Name}",
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "Not documented."),
    };

    private static string MethodName(MethodBase method) =>
        method.Name.Replace('.', '#')
        + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : string.Empty);

    private static string Parameters(ParameterInfo[] parameters) => parameters.Length == 0
        ? string.Empty
        : $"({string.Join(",", parameters.Select(static parameter => ParameterName(parameter.ParameterType)))})";

    private static string ParameterName(Type type)
    {
        if (type.IsByRef)
        {
            return $"{ParameterName(type.GetElementType()!)}@";
        }

        if (type.IsArray)
        {
            return $"{ParameterName(type.GetElementType()!)}[]";
        }

        if (type.IsGenericParameter)
        {
            return (type.IsGenericMethodParameter ? "``" : "`") + type.GenericParameterPosition;
        }

        if (!type.IsGenericType)
        {
            return Name(type);
        }

        var arguments = string.Join(",", type.GetGenericArguments().Select(ParameterName));
        return $"{Name(type.GetGenericTypeDefinition()).Split('`')[0]}{{{arguments}}}";
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');
}
