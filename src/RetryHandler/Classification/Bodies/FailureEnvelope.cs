using System.Text;

namespace RetryHandler.Classification;

/// <summary>
/// Reads 200s that are nothing but a failure: a code that is not zero, words that say of what, and no data.
/// </summary>
/// <remarks>
/// Many APIs number their failures (<c>{"retCode":10006,"retMsg":"Too many visits!","result":{}}</c>), so that only the
/// words tell one from the other. A record may hold the same words and numbers, such as that of a monitor whose last
/// request was refused; it has names and addresses beside them, which a failure has not.
/// </remarks>
internal struct FailureEnvelope
{
    private bool _fails;
    private TextSigns _text;

    /// <summary>Gets whether it holds what failures do not: names, addresses, data.</summary>
    public bool IsRecord { get; private set; }

    /// <summary>Gets what the failure is about.</summary>
    public readonly CodeSigns Codes =>
        !_fails || IsRecord || Says(TextSigns.Validation | TextSigns.Permission) ? CodeSigns.None
        : IsLongPeriod ? CodeSigns.Quota
        : Says(TextSigns.Refusal) || (Says(TextSigns.ShortPeriod | TextSigns.Concurrency) && Says(TextSigns.Over))
            ? CodeSigns.Throttling | (_text.NamesConcurrency() ? CodeSigns.Concurrency : CodeSigns.None)
        : CodeSigns.None;

    private readonly bool IsLongPeriod =>
        Says(TextSigns.LongPeriod)
        && Says(TextSigns.Calls)
        && Says(TextSigns.Over)
        && !Says(TextSigns.ShortPeriod | TextSigns.Concurrency);

    /// <summary>Takes in a member of the root.</summary>
    public void AddRoot(ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value)
    {
        _fails |= IsFailure(key, kind, value);
        if (kind != ScalarKind.String || value.IsEmpty)
        {
            return;
        }

        if ((key.Roles.Has(KeyRoles.Message) && !key.Roles.Has(KeyRoles.Code)) || key.Name == KeyName.Error)
        {
            AddMessage(value);
        }
        else
        {
            IsRecord |= key == default
                || (key.Name != KeyName.Incidental && !IsNumber(value) && !IsWordForFailure(value));
        }
    }

    /// <summary>Takes in a member of one of the errors that the root lists.</summary>
    public void AddError(ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value)
    {
        if (kind == ScalarKind.String && key.Roles.Has(KeyRoles.Message))
        {
            AddMessage(value);
        }
    }

    /// <summary>Takes in a value that is none of an error: a success, or a record of one.</summary>
    public void AddData(ScalarKind kind) => IsRecord |= kind != ScalarKind.Null;

    private void AddMessage(ReadOnlySpan<byte> message) => _text |= MessageText.Read(message);

    private readonly bool Says(TextSigns sign) => _text.Has(sign);

    private static bool IsFailure(ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        ScalarKind.False => key.Name == KeyName.Success,
        ScalarKind.True => key.Name == KeyName.Error,
        ScalarKind.Number => IsNumbered(key) && IsFailureNumber(value),
        ScalarKind.String => key.Name is KeyName.Status or KeyName.Response or KeyName.Data
            ? IsWordForFailure(value)
            : (key.Name == KeyName.Error && !value.IsEmpty)
                || (IsNumbered(key) && IsNumber(value) && IsFailureNumber(value)),
        _ => false,
    };

    private static bool IsNumbered(ErrorKey key) => key.Roles.Has(KeyRoles.Code) || key.Name == KeyName.Error;

    /// <summary>Zero, also as "00000", and 200 are successes.</summary>
    private static bool IsFailureNumber(ReadOnlySpan<byte> number) =>
        number.ContainsAnyExcept((byte)'0') && !number.SequenceEqual("200"u8);

    private static bool IsNumber(ReadOnlySpan<byte> value) =>
        value.Length > 0 && !value.TrimStart((byte)'-').ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsWordForFailure(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "error"u8)
        || Ascii.EqualsIgnoreCase(value, "fail"u8)
        || Ascii.EqualsIgnoreCase(value, "failure"u8)
        || Ascii.EqualsIgnoreCase(value, "failed"u8);
}
