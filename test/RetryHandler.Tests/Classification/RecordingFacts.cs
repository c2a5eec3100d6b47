using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Writes down what a body reader reports.</summary>
internal struct RecordingFacts : IBodyFacts
{
    public List<string> Found { get; private set; }

    public static List<string> Of(ReadOnlySpan<byte> body)
    {
        var facts = new RecordingFacts { Found = [] };
        ErrorBody.Read(body, ref facts);
        return facts.Found;
    }

    public static List<string> Of(string body) => Of(Encoding.UTF8.GetBytes(body));

    public readonly void AddContainer(ErrorPlace place, ErrorKey key)
    {
    }

    public readonly void AddText(ReadOnlySpan<byte> text) => Found.Add($"text {Encoding.Latin1.GetString(text)}");

    public readonly void AddScalar(
        ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value, int depth)
    {
        if (place != ErrorPlace.Outside && key != default)
        {
            Found.Add(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{place} {key.Name}/{key.Roles} {kind} {Encoding.Latin1.GetString(value)}"));
        }
    }
}
