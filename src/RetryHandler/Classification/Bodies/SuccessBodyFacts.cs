namespace RetryHandler.Classification;

/// <summary>What the body of a 200 says: only the places count where some API is known to put its errors.</summary>
/// <remarks>
/// A code alone proves nothing here: a device may report that it is THROTTLED, and a document may store what another
/// call failed with.
/// </remarks>
internal struct SuccessBodyFacts(ClassificationSettings settings) : IBodyFacts
{
    private CodeSigns _graph;
    private CodeSigns _certain;
    private CodeSigns _ifFailed;
    private CodeSigns _ifPlainFailure;
    private bool _saysFailure;
    private bool _isRpcLimit;
    private int _rootMembers;
    private CodeSigns _onlyError;
    private bool _hasData;
    private bool _hasOther;
    private FailureEnvelope _envelope;
    private BodyHints _hints;

    /// <summary>Gets or sets whether the body is XML, of which only S3's error documents count.</summary>
    public bool IsXml { get; init; }

    public readonly CodeSigns Codes =>
        _certain | _onlyError | _envelope.Codes
        | (_hasData || _hasOther ? CodeSigns.None : _graph)
        | (_hasData || !_saysFailure ? CodeSigns.None : _ifFailed)
        | (_hasData || !_saysFailure || _envelope.IsRecord ? CodeSigns.None : _ifPlainFailure);

    public readonly BodyHints Hints => _hints;

    public void AddContainer(ErrorPlace place, ErrorKey key)
    {
        _hasData |= place == ErrorPlace.Root && key.Name == KeyName.Data;
        _hasOther |= place == ErrorPlace.Root && key == default && _rootMembers > 0;
        _rootMembers += place == ErrorPlace.Root ? 1 : 0;
    }

    public readonly void AddText(ReadOnlySpan<byte> text)
    {
        // The words of a success are data.
    }

    public void AddScalar(ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value, int depth)
    {
        if (place is ErrorPlace.Outside or ErrorPlace.Data)
        {
            _envelope.AddData(kind);
            return;
        }

        _hints.Add(key.Name, value);
        if (IsXml)
        {
            _certain |= place == ErrorPlace.RootError ? ReadCode(place, key, kind, value) : CodeSigns.None;
            return;
        }

        if (place == ErrorPlace.Root)
        {
            AddRoot(key, kind, value);
        }

        AddCode(place, key, kind, value);
    }

    private void AddRoot(ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value)
    {
        _rootMembers++;
        _hasOther |= key == default && kind != ScalarKind.Null;
        _envelope.AddRoot(key, kind, value);
        _saysFailure |= key.Name switch
        {
            KeyName.Success => kind == ScalarKind.False,
            KeyName.ErrorMessage => kind == ScalarKind.String && !value.IsEmpty,
            KeyName.JsonRpc => true,
            KeyName.Status or KeyName.Data => value.SequenceEqual("error"u8) || value.SequenceEqual("fail"u8),
            _ => false,
        };
    }

    private void AddCode(ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value)
    {
        switch (place)
        {
            case ErrorPlace.RootErrors or ErrorPlace.GraphExtensions:
                _graph |= ReadCode(place, key, kind, value);
                _envelope.AddError(key, kind, value);
                break;
            case ErrorPlace.ResponseError:
                _certain |= ReadCode(place, key, kind, value);
                break;

            // Reddit: json.errors[][], a code, its words, and a field.
            case ErrorPlace.Json when key.Name == KeyName.Errors && kind == ScalarKind.String:
                _certain |= ErrorCode.Read(value, settings);
                break;

            // Kraken: "EService:Throttled", where the E stands for error and the word before the colon for a part.
            case ErrorPlace.Root when key.Name == KeyName.Error && IsKraken(value):
                _certain |= ErrorCode.ReadWhole(value, settings);
                break;
            case ErrorPlace.Root when kind == ScalarKind.Number:
                _ifPlainFailure |= ReadCode(place, key, kind, value);
                break;
            case ErrorPlace.Root:
                _ifFailed |= ReadCode(place, key, kind, value);
                break;

            // Some put the code where the message belongs: {"status":"error","error":{"message":"LIMIT_EXCEEDED"}}.
            case ErrorPlace.RootError:
                _ifFailed |= key.Roles.Has(KeyRoles.Message)
                    ? ErrorCode.Read(value, settings)
                    : ReadCode(place, key, kind, value);
                AddRpcLimit(key, kind, value);
                AddFirst(place, key, kind, value);
                break;
        }
    }

    /// <summary>
    /// Reads JSON-RPC's "limit exceeded", which means a rate (EIP-1474) or, at some nodes, too large a result.
    /// </summary>
    private void AddRpcLimit(ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value)
    {
        _isRpcLimit |= kind == ScalarKind.Number && value.SequenceEqual("-32005"u8);
        if (_isRpcLimit
            && key.Roles.Has(KeyRoles.Message)
            && MessageText.Read(value).Has(TextSigns.Throttling | TextSigns.PlanLimit))
        {
            _ifFailed |= CodeSigns.Throttling;
        }
    }

    /// <summary>Reads MediaWiki's error, before which nothing stands; a record that stores one has a name.</summary>
    private void AddFirst(ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value)
    {
        // The root itself, and the error in it.
        if (_rootMembers == 2 && !_hasData)
        {
            _onlyError |= ReadCode(place, key, kind, value);
        }
    }

    private readonly CodeSigns ReadCode(ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value) =>
        ErrorPlaces.IsCode(place, key) ? ErrorCode.Read(kind, value, settings) : CodeSigns.None;

    private static bool IsKraken(ReadOnlySpan<byte> value) =>
        value.Length > 2 && value[0] == 'E' && char.IsAsciiLetterUpper((char)value[1]) && value.Contains((byte)':');
}
