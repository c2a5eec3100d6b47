using System.Diagnostics.CodeAnalysis;

namespace RetryHandler.Configuration;

/// <summary>How values are written in a configuration, the same in every culture.</summary>
/// <param name="Remedy">What to write instead of something that can't be read.</param>
/// <param name="TryRead">Reads a value.</param>
internal sealed record OptionText<T>(string Remedy, OptionText<T>.Reader TryRead)
{
    internal delegate bool Reader(string text, [MaybeNullWhen(false)] out T value);
}
