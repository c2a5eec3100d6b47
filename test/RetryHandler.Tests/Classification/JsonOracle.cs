using System.Globalization;
using System.Text;
using System.Text.Json;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Says what there is to find in valid JSON, by means of the reader of the runtime.</summary>
internal static class JsonOracle
{
    private const int MaxDepth = 12;

    /// <returns><see langword="null"/> for what is not JSON, or more of it than is read.</returns>
    public static List<string>? TryRead(ReadOnlySpan<byte> json)
    {
        var found = new List<string>();
        var frames = new Stack<Frame>([new Frame(ErrorPlace.Root, default, IsArray: true, IsOutermost: true)]);
        var reader = new Utf8JsonReader(json);
        var scalars = 0;
        try
        {
            while (reader.Read())
            {
                scalars += Take(ref reader, frames, found);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or with strings that are not text: halves of surrogate pairs, bytes that are not UTF-8.
            return null;
        }

        return scalars <= 400 ? found : null;
    }

    private static int Take(ref Utf8JsonReader reader, Stack<Frame> frames, List<string> found)
    {
        var outer = frames.Peek();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var isArray = reader.TokenType == JsonTokenType.StartArray;
                frames.Push(new Frame(
                    isArray || outer.IsOutermost ? outer.Place : ErrorPlaces.Enter(outer.Place, outer.Key),
                    isArray ? outer.Key : default,
                    isArray,
                    isArray && outer.IsOutermost));
                return 0;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                frames.Pop();
                return 0;
            case JsonTokenType.PropertyName:
                frames.Pop();
                frames.Push(outer with { Key = ErrorKey.From(reader.ValueSpan) });
                return 0;
        }

        if (frames.Count - 1 > MaxDepth)
        {
            return 0;
        }

        if (outer.Place != ErrorPlace.Outside && outer.Key != default)
        {
            found.Add(Describe(outer, ref reader));
        }

        return 1;
    }

    private static string Describe(Frame frame, ref Utf8JsonReader reader)
    {
        var kind = reader.TokenType.ToString();
        var value = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped
            ? reader.GetString()!
            : Encoding.Latin1.GetString(reader.ValueSpan);
        return Simplify(string.Create(
            CultureInfo.InvariantCulture, $"{frame.Place} {frame.Key.Name}/{frame.Key.Roles} {kind} {value}"));
    }

    /// <summary>Leaves out what is not ASCII, and the difference between white spaces.</summary>
    public static string Simplify(string text)
    {
        var simple = new StringBuilder(text.Length);
        foreach (var c in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'))
        {
            if (c < 0x80)
            {
                simple.Append(c is '\b' or '\f' ? ' ' : c);
            }
        }

        return simple.ToString();
    }

    private readonly record struct Frame(ErrorPlace Place, ErrorKey Key, bool IsArray, bool IsOutermost);
}
