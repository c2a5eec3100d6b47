using System.Globalization;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Says what there is to find in valid XML, by means of the reader of the runtime.</summary>
internal static class XmlOracle
{
    private const int MaxDepth = 12;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit };

    /// <returns><see langword="null"/> for what is not XML, or holds what error bodies do not.</returns>
    public static List<string>? TryRead(byte[] xml)
    {
        if (Holds(xml, "&"u8) || Holds(xml, "<!"u8) || Holds(xml, "Value"u8) || !Utf8.IsValid(xml))
        {
            return null;
        }

        try
        {
            // Text, not bytes: a declared encoding is not followed, as little as by the scanner. When XmlReader changes
            // over to one, it fails on some broken bytes with exceptions of any sort (seen in its SwitchEncoding:
            // ArgumentOutOfRangeException).
            using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(xml)), Settings);
            return Read(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static bool Holds(ReadOnlySpan<byte> xml, ReadOnlySpan<byte> text) => xml.IndexOf(text) >= 0;

    private static List<string>? Read(XmlReader reader)
    {
        var found = new List<string>();
        var elements = new Stack<(ErrorPlace Place, ErrorKey Key)>([(ErrorPlace.Root, default)]);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.Value.Contains('>') || HasOddAttribute(reader):
                    return null;
                case XmlNodeType.Element when !reader.IsEmptyElement:
                    var (place, key) = elements.Peek();
                    elements.Push((
                        elements.Count == 1 ? ErrorPlace.Root : ErrorPlaces.Enter(place, key),
                        ErrorKey.From(Encoding.UTF8.GetBytes(reader.LocalName))));
                    break;
                case XmlNodeType.EndElement:
                    elements.Pop();
                    break;
                case XmlNodeType.Text when elements.Count - 1 <= MaxDepth:
                    Add(found, elements.Peek(), reader.Value.Trim(' ', '\t', '\r', '\n'));
                    break;
            }
        }

        return found;
    }

    private static bool HasOddAttribute(XmlReader reader)
    {
        for (var i = 0; i < reader.AttributeCount; i++)
        {
            var value = reader.GetAttribute(i);
            if (value.Contains('>') || value.Contains('/'))
            {
                return true;
            }
        }

        return false;
    }

    private static void Add(List<string> found, (ErrorPlace Place, ErrorKey Key) element, string text)
    {
        if (element.Place != ErrorPlace.Outside && element.Key != default && text.Length > 0)
        {
            var value = text.AsSpan().IndexOfAny(' ', '/') < 0 ? text[(text.LastIndexOf(':') + 1)..] : text;
            found.Add(JsonOracle.Simplify(string.Create(
                CultureInfo.InvariantCulture,
                $"{element.Place} {element.Key.Name}/{element.Key.Roles} String {value}")));
        }
    }
}
