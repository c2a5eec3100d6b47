namespace RetryHandler.Classification;

/// <summary>
/// Walks once over a JSON text that may be cut off or broken anywhere, and reports the values at the places of errors.
/// </summary>
/// <remarks>
/// <see cref="System.Text.Json.Utf8JsonReader"/> throws at the first error of the text, and every error body that was
/// cut off has one. This reader stops there instead, with what it has found until then. Names may come twice: both
/// values are reported.
/// </remarks>
internal ref struct JsonErrorScanner<TFacts>
    where TFacts : struct, IBodyFacts
{
    private const int MaxDepth = 12;

    private const int MaxScalars = 400;

    private readonly ReadOnlySpan<byte> _json;
    private readonly Span<Frame> _frames;
    private int _position;
    private int _depth;
    private int _tooDeep;
    private int _scalars;

    private JsonErrorScanner(ReadOnlySpan<byte> json, Span<Frame> frames)
    {
        _json = json;
        _frames = frames;
        _frames[0] = new Frame { Place = ErrorPlace.Root, IsArray = true, IsOutermost = true };
    }

    /// <returns>Whether the outermost value was read to its end.</returns>
    public static bool Scan(ReadOnlySpan<byte> json, ref TFacts facts)
    {
        Span<Frame> frames = stackalloc Frame[MaxDepth + 1];
        var scanner = new JsonErrorScanner<TFacts>(json, frames);
        while (scanner.Step(ref facts))
        {
        }

        return scanner._depth == 0;
    }

    /// <summary>Takes one token in.</summary>
    /// <returns><see langword="false"/> at the end of the text, or where it stops being JSON.</returns>
    private bool Step(ref TFacts facts)
    {
        if (_position >= _json.Length || _scalars > MaxScalars)
        {
            return false;
        }

        switch (_json[_position])
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)':':
                _position++;
                return true;
            case (byte)'{' or (byte)'[':
                Open(_json[_position++] == '[', ref facts);
                return true;
            case (byte)'}' or (byte)']':
                _position++;
                return Close();
            case (byte)'"':
                return TakeString(ref facts);
            default:
                return TakeLiteral(ref facts);
        }
    }

    private void Open(bool isArray, ref TFacts facts)
    {
        ref var outer = ref _frames[_depth];
        if (_depth == MaxDepth)
        {
            _tooDeep++;
            outer.IsValueNext = false;
            return;
        }

        facts.AddContainer(outer.Place, outer.Key);
        _frames[++_depth] = new Frame
        {
            IsArray = isArray,

            // An array only lists what its name stands for, so its elements stand where it stands.
            Place = isArray || outer.IsOutermost ? outer.Place : ErrorPlaces.Enter(outer.Place, outer.Key),
            Key = isArray ? outer.Key : default,
            IsOutermost = isArray && outer.IsOutermost,
        };
        outer.IsValueNext = false;
    }

    private bool Close()
    {
        if (_tooDeep > 0)
        {
            _tooDeep--;
            return true;
        }

        // Whatever follows the end of the outermost value is not JSON any more.
        return --_depth > 0;
    }

    private bool TakeString(ref TFacts facts)
    {
        var start = _position + 1;
        var length = JsonText.FindEnd(_json[start..]);
        var text = _json.Slice(start, length < 0 ? _json.Length - start : length);
        _position = start + text.Length + 1;
        if (_tooDeep > 0)
        {
            return length >= 0;
        }

        ref var frame = ref _frames[_depth];
        if (!frame.IsArray && !frame.IsValueNext)
        {
            frame.Key = ErrorKey.From(text);
            frame.IsValueNext = true;
            return length >= 0;
        }

        frame.IsValueNext = false;
        if (length >= 0)
        {
            AddString(frame.Place, frame.Key, text, ref facts);
            if (frame.IsOutermost && text.SequenceEqual("error"u8))
            {
                // Bitfinex: ["error", 11010, "ratelimit: error"]. What follows is told of the error.
                frame.Key = ErrorKey.From(text);
            }

            return true;
        }

        // Of a text that was cut off, the words still count; a code might have gone on.
        AddString(frame.Place, new(default, frame.Key.Roles & KeyRoles.Message), text, ref facts);
        return false;
    }

    private void AddString(ErrorPlace place, ErrorKey key, ReadOnlySpan<byte> text, ref TFacts facts)
    {
        _scalars++;
        if (place == ErrorPlace.Outside)
        {
            facts.AddScalar(place, key, ScalarKind.String, default, _depth);
            return;
        }

        Span<byte> buffer = stackalloc byte[MessageText.MaxLength];
        var value = text.Contains((byte)'\\') ? JsonText.Unescape(text, buffer) : text;
        facts.AddScalar(place, key, ScalarKind.String, value, _depth);
    }

    private bool TakeLiteral(ref TFacts facts)
    {
        var rest = _json[_position..];
        var end = rest.IndexOfAny(JsonText.AfterLiteral);
        if (end < 0)
        {
            // Cut off: what looks like 429 may be the beginning of 42917.
            return false;
        }

        var literal = rest[..end];
        _position += end;
        if (_tooDeep > 0)
        {
            return true;
        }

        ref var frame = ref _frames[_depth];
        if (!(frame.IsArray || frame.IsValueNext) || KindOf(literal) is not { } kind)
        {
            return false;
        }

        _scalars++;
        frame.IsValueNext = false;
        facts.AddScalar(frame.Place, frame.Key, kind, literal, _depth);
        return true;
    }

    private static ScalarKind? KindOf(ReadOnlySpan<byte> literal) =>
        literal.SequenceEqual("true"u8) ? ScalarKind.True
        : literal.SequenceEqual("false"u8) ? ScalarKind.False
        : literal.SequenceEqual("null"u8) ? ScalarKind.Null
        : literal[0] == '-' || char.IsAsciiDigit((char)literal[0]) ? ScalarKind.Number
        : null;

    private struct Frame
    {
        public ErrorPlace Place { get; init; }

        public ErrorKey Key { get; set; }

        public bool IsArray { get; init; }

        /// <summary>Gets whether nothing but arrays is around the elements of this one.</summary>
        public bool IsOutermost { get; init; }

        /// <summary>Gets or sets whether an object's next token is the value of <see cref="Key"/>.</summary>
        public bool IsValueNext { get; set; }
    }
}
