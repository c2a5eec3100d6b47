using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RetryHandler.Configuration;

/// <summary>How the types of the options are written.</summary>
internal static class OptionTexts
{
    public static OptionText<bool> Flag { get; } = new("is not true or false", bool.TryParse);

    public static OptionText<int> Whole { get; } = new(
        "is not a whole number; write for example 3",
        static (string text, out int value) =>
            int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    public static OptionText<double> Number { get; } = new(
        "is not a number; write for example 0.5",
        static (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));

    // A number alone would be read as days, so that "30" becomes a month of waiting.
    public static OptionText<TimeSpan> Time { get; } = new(
        "is not a time; write 00:00:30 for 30 seconds, 00:00:00.050 for 50 milliseconds",
        static (string text, out TimeSpan value) =>
        {
            value = default;
            return text.Contains(':', StringComparison.Ordinal)
                && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        });

    public static OptionText<string> Name { get; } = new(
        "is empty; write an error code",
        static (string text, [MaybeNullWhen(false)] out string value) => (value = text.Trim()).Length > 0);

    /// <summary>Names of an enum; its numbers are not for people.</summary>
    /// <remarks>
    /// Compared one by one, because <c>Enum.TryParse</c> adds up what stands between commas: "Adaptive, Standard" would
    /// be Standard.
    /// </remarks>
    public static OptionText<T> Choice<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        var values = Enum.GetValues<T>();
        return new(
            $"must be one of {string.Join(", ", names)}",
            (string text, out T value) =>
            {
                var index = Array.FindIndex(
                    names, name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
                value = index < 0 ? default : values[index];
                return index >= 0;
            });
    }
}
