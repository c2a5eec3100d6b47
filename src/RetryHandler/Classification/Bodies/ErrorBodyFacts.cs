namespace RetryHandler.Classification;

/// <summary>What the body of an error says.</summary>
internal struct ErrorBodyFacts(ClassificationSettings settings) : IBodyFacts
{
    private int _throttlingDepth = int.MaxValue;
    private int _invalidDepth = int.MaxValue;
    private BodyHints _hints;

    public CodeSigns Codes { get; private set; }

    public TextSigns Text { get; private set; }

    /// <summary>
    /// Gets whether codes of throttling stand only below one that says that the request is malformed: then they
    /// describe its fields.
    /// </summary>
    public readonly bool AreCodesAboutFields => _throttlingDepth > _invalidDepth;

    public readonly BodyHints Hints => _hints;

    public readonly void AddContainer(ErrorPlace place, ErrorKey key)
    {
        // Errors are told by the values in them.
    }

    public void AddScalar(ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value, int depth)
    {
        if (place == ErrorPlace.Outside)
        {
            return;
        }

        _hints.Add(key.Name, value);
        if (place is ErrorPlace.Aside or ErrorPlace.Data)
        {
            return;
        }

        if (kind == ScalarKind.String && key.Roles.Has(KeyRoles.Message))
        {
            AddText(value);
        }

        if (ErrorPlaces.IsCode(place, key) && kind is ScalarKind.String or ScalarKind.Number)
        {
            AddCode(ErrorCode.Read(kind, value, settings), depth);
        }
        else if (key.Name == KeyName.Durability && value.SequenceEqual("PERMANENT"u8))
        {
            AddCode(CodeSigns.Never, depth);
        }
    }

    public void AddText(ReadOnlySpan<byte> text) => Text |= MessageText.Read(text);

    private void AddCode(CodeSigns signs, int depth)
    {
        Codes |= signs;
        if (signs.Has(CodeSigns.Throttling))
        {
            _throttlingDepth = Math.Min(_throttlingDepth, depth);
        }

        if (signs.Has(CodeSigns.Invalid))
        {
            _invalidDepth = Math.Min(_invalidDepth, depth);
        }
    }
}
