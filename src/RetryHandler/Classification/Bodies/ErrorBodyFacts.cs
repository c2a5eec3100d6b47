namespace RetryHandler.Classification;

/// <summary>What the body of an error says.</summary>
internal struct ErrorBodyFacts(ClassificationSettings settings) : IBodyFacts
{
    private const CodeSigns Refusals = CodeSigns.Throttling | CodeSigns.Overload | CodeSigns.SomeQuota;

    private int _throttlingDepth = int.MaxValue;
    private int _invalidDepth = int.MaxValue;
    private int _ownRefusalDepth = int.MaxValue;
    private int _otherDepth = int.MaxValue;
    private BodyHints _hints;

    public CodeSigns Codes { get; private set; }

    public TextSigns Text { get; private set; }

    /// <summary>
    /// Gets whether codes of throttling stand only below one that says that the request is malformed: then they
    /// describe its fields.
    /// </summary>
    public readonly bool AreCodesAboutFields => _throttlingDepth > _invalidDepth;

    /// <summary>
    /// Gets whether the error itself is a refusal, and not something behind it, below another code or in a cause:
    /// then nobody knows what was done before.
    /// </summary>
    public readonly bool IsOwnRefusal => _ownRefusalDepth <= _otherDepth && _ownRefusalDepth < int.MaxValue;

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
            var isCause = place == ErrorPlace.Cause || key.Name == KeyName.Cause;
            AddCode(ErrorCode.Read(kind, value, settings), depth, isCause);
        }
        else if (key.Name == KeyName.Durability && value.SequenceEqual("PERMANENT"u8))
        {
            AddCode(CodeSigns.Never, depth, isCause: false);
        }
    }

    public void AddText(ReadOnlySpan<byte> text) => Text |= MessageText.Read(text);

    private void AddCode(CodeSigns signs, int depth, bool isCause)
    {
        Codes |= signs;
        if (signs.Has(Refusals) && !isCause)
        {
            _ownRefusalDepth = Math.Min(_ownRefusalDepth, depth);
        }
        else if (signs != CodeSigns.None && !isCause)
        {
            _otherDepth = Math.Min(_otherDepth, depth);
        }

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
