namespace RetryHandler.Classification;

/// <summary>
/// Walks once over an XML text that may be cut off or broken anywhere, and reports the texts at the places of errors.
/// </summary>
/// <remarks>
/// Entities are never expanded, and a document type ends the walk: error bodies have neither, attacks have both.
/// <see cref="System.Xml.XmlReader"/> would also be safe, but throws where a text was cut off.
/// </remarks>
internal ref struct XmlErrorScanner<TFacts>
    where TFacts : struct, IBodyFacts
{
    private const int MaxDepth = 12;

    private const int MaxElements = 400;

    private readonly Span<Element> _elements;
    private ReadOnlySpan<byte> _xml;
    private int _depth;
    private int _tooDeep;
    private int _count;

    private XmlErrorScanner(ReadOnlySpan<byte> xml, Span<Element> elements)
    {
        _xml = xml;
        _elements = elements;
        _elements[0] = new Element(ErrorPlace.Root, default);
    }

    public static void Scan(ReadOnlySpan<byte> xml, ref TFacts facts)
    {
        Span<Element> elements = stackalloc Element[MaxDepth + 1];
        var scanner = new XmlErrorScanner<TFacts>(xml, elements);
        while (scanner.Step(ref facts))
        {
        }
    }

    /// <summary>Takes one piece of mark-up, and the text before it, in.</summary>
    private bool Step(ref TFacts facts)
    {
        var start = _xml.IndexOf((byte)'<');
        if (start < 0 || _count > MaxElements)
        {
            return false;
        }

        AddText(_xml[..start], ref facts);
        _xml = _xml[start..];
        return _xml.StartsWith("<!--"u8) ? Skip("-->"u8)
            : _xml.StartsWith("<?"u8) ? Skip("?>"u8)
            : _xml.StartsWith("<![CDATA["u8) ? TakeCharacterData(ref facts)
            : !_xml.StartsWith("<!"u8) && TakeTag();
    }

    private bool Skip(ReadOnlySpan<byte> end)
    {
        var length = _xml.IndexOf(end);
        _xml = length < 0 ? default : _xml[(length + end.Length)..];
        return length >= 0;
    }

    private bool TakeCharacterData(ref TFacts facts)
    {
        _xml = _xml["<![CDATA[".Length..];
        var length = _xml.IndexOf("]]>"u8);
        AddText(length < 0 ? default : _xml[..length], ref facts);
        return Skip("]]>"u8);
    }

    private bool TakeTag()
    {
        var end = _xml.IndexOf((byte)'>');
        if (end < 2)
        {
            return false;
        }

        var tag = _xml[1..end];
        _xml = _xml[(end + 1)..];
        if (tag[0] == '/')
        {
            return Close();
        }

        if (tag[^1] != '/')
        {
            Open(tag);
        }

        return true;
    }

    private void Open(ReadOnlySpan<byte> tag)
    {
        _count++;
        if (_depth == MaxDepth || _tooDeep > 0)
        {
            _tooDeep++;
            return;
        }

        var outer = _elements[_depth];
        var place = _depth == 0 ? ErrorPlace.Root : ErrorPlaces.Enter(outer.Place, outer.Key);
        _elements[++_depth] = new Element(place, KeyOf(tag, outer.Key));
    }

    private bool Close()
    {
        if (_tooDeep > 0)
        {
            _tooDeep--;
            return true;
        }

        return --_depth > 0;
    }

    private readonly void AddText(ReadOnlySpan<byte> text, ref TFacts facts)
    {
        text = text.Trim(" \t\r\n"u8);
        var element = _elements[_depth];
        if (_depth == 0 || _tooDeep > 0 || text.IsEmpty || element.Place == ErrorPlace.Outside)
        {
            return;
        }

        // An entity may stand for anything. Words count without it, codes do not.
        var key = text.Contains((byte)'&') ? new(default, element.Key.Roles & KeyRoles.Message) : element.Key;
        facts.AddScalar(element.Place, key, ScalarKind.String, WithoutPrefix(text), _depth);
    }

    /// <summary>Cuts the prefix off a qualified name, as SOAP's fault codes are: "a:ServerBusy".</summary>
    private static ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> text) =>
        text.IndexOfAny(" /"u8) < 0 ? text[(text.LastIndexOf((byte)':') + 1)..] : text;

    /// <summary>Reads the name without its prefix; for the values of SOAP, what they are the values of.</summary>
    private static ErrorKey KeyOf(ReadOnlySpan<byte> tag, ErrorKey outer)
    {
        var end = tag.IndexOfAny(" \t\r\n"u8);
        var name = end < 0 ? tag : tag[..end];
        name = name[(name.LastIndexOf((byte)':') + 1)..];
        if (!name.SequenceEqual("Value"u8))
        {
            return ErrorKey.From(name);
        }

        // SOAP 1.2 has Code/Subcode/Value, Exchange has <Value Name="BackOffMilliseconds">.
        var attribute = tag.IndexOf(" Name=\""u8);
        var value = attribute < 0 ? default : tag[(attribute + " Name=\"".Length)..];
        var length = value.IndexOf((byte)'"');
        return length < 0 ? new(outer.Name, outer.Roles & KeyRoles.Code) : ErrorKey.From(value[..length]);
    }

    private readonly record struct Element(ErrorPlace Place, ErrorKey Key);
}
