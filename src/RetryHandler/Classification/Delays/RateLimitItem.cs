namespace RetryHandler.Classification;

/// <summary>One limit of a <c>RateLimit</c> or <c>RateLimit-Policy</c> field.</summary>
/// <param name="name">What stands before the parameters: the limit's name, or in older drafts its number.</param>
internal ref struct RateLimitItem(ReadOnlySpan<char> name)
{
    private DelayHint _reset;
    private bool _isRenamed;

    public ReadOnlySpan<char> Name { get; } = name;

    /// <summary>Gets how many calls, or other units, are allowed per window.</summary>
    public decimal? Quota { get; private set; }

    public decimal? Remaining { get; private set; }

    /// <summary>Gets the length of the window.</summary>
    public DelayHint Window { get; private set; }

    // A proposal (ietf-wg-httpapi/ratelimit-headers#166) renames r to a, and t to w, which without an a is the length
    // of the window.
    public readonly DelayHint Reset => _isRenamed ? Window : _reset;

    public void Set(scoped ReadOnlySpan<char> parameter)
    {
        var equals = parameter.IndexOf('=');
        var value = parameter[(equals + 1)..].Trim();
        switch (parameter[..Math.Max(0, equals)].Trim())
        {
            case "r" or "remaining":
                Remaining = ReadNumber(value);
                break;
            case "a":
                Remaining = ReadNumber(value);
                _isRenamed = true;
                break;
            case "t" or "reset":
                _reset = DelayText.Read(value);
                break;
            case "q" or "limit":
                Quota = ReadNumber(value);
                break;
            case "w":
                Window = DelayText.Read(value);
                break;
        }
    }

    private static decimal? ReadNumber(ReadOnlySpan<char> text) =>
        DelayText.TryReadNumber(text, out var number) ? number : null;
}
