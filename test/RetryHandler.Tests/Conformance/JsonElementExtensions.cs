using System.Text.Json;
using NUnit.Framework.Constraints;

namespace RetryHandler.Tests.Conformance;

/// <summary>Short forms for reading vectors.</summary>
internal static class JsonElementExtensions
{
    public static bool Has(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out _);

    public static double Number(this JsonElement json, string name) => json.GetProperty(name).GetDouble();

    public static double Number(this JsonElement json, string name, double otherwise) =>
        json.Has(name) ? json.Number(name) : otherwise;

    public static int Integer(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static bool Flag(this JsonElement json, string name) => json.GetProperty(name).GetBoolean();

    public static TimeSpan Seconds(this JsonElement json, string name) => TimeSpan.FromSeconds(json.Number(name));

    /// <summary>Gets a text, or <see langword="null"/> when the property is missing or null.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static IReadOnlyList<JsonElement> Items(this JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray()];

    public static IReadOnlyList<double> Numbers(this JsonElement json, string name) =>
        [.. json.Items(name).Select(static item => item.GetDouble())];

    /// <summary>
    /// Compares by the conventions of the file: absolute 1e-6 where six decimals are given, relative 1e-9 elsewhere.
    /// </summary>
    public static Constraint Near(this JsonElement json, string name) => Near(json.GetProperty(name));

    public static Constraint Near(this JsonElement number)
    {
        var text = number.GetRawText();
        var decimals = text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.') - 1 : 0;
        var expected = number.GetDouble();
        return Is.EqualTo(expected).Within(decimals == 6 ? 1e-6 : Math.Max(1e-12, Math.Abs(expected) * 1e-9));
    }
}
