using System.Text;

namespace RetryHandler.Classification;

/// <summary>What a body says about when to come back.</summary>
internal struct BodyHints
{
    private const int MaxPolicies = 8;

    private const int MaxDelayLength = 64;

    private decimal? _requestedCost;
    private decimal? _availableCost;
    private decimal? _restoreRate;
    private DelayHint _delay;

    /// <summary>Gets the limits that a problem (RFC 9457) names as violated.</summary>
    public List<string>? ViolatedPolicies { get; private set; }

    /// <summary>Gets whether a quota is named that is counted per day or month.</summary>
    public bool IsLongQuota { get; private set; }

    /// <summary>Gets whether a quota is named that is counted per minute or so.</summary>
    public bool IsShortQuota { get; private set; }

    /// <summary>Gets the longest delay that the body names.</summary>
    public readonly DelayHint Delay
    {
        get
        {
            // Shopify: points that the query needs, points left, and points that come back per second.
            return _requestedCost - _availableCost is { } missing && missing > 0 && _restoreRate is { } rate && rate > 0
                ? _delay.OrLonger(new(TimeToRestore(missing, rate)))
                : _delay;
        }
    }

    public void Add(KeyName name, ReadOnlySpan<byte> value)
    {
        if (name is not (>= KeyName.RetryAfter and <= KeyName.RestoreRate) || value.Length > MaxDelayLength)
        {
            return;
        }

        Span<char> buffer = stackalloc char[MaxDelayLength];
        ReadOnlySpan<char> text = buffer[..Encoding.Latin1.GetChars(value, buffer)];
        switch (name)
        {
            case KeyName.RetryAfter:
                _delay = _delay.OrLonger(DelayText.ReadReset(text));
                break;
            case KeyName.RetryAfterMilliseconds:
                _delay = _delay.OrLonger(DelayText.ReadMilliseconds(text));
                break;
            case KeyName.QuotaId:
                AddQuota(LongPeriod.IsIn(text));
                break;
            case KeyName.ViolatedPolicies when ViolatedPolicies is null || ViolatedPolicies.Count < MaxPolicies:
                (ViolatedPolicies ??= []).Add(text.ToString());
                IsLongQuota |= LongPeriod.IsIn(text);
                break;
            case KeyName.RequestedCost:
                _requestedCost = ReadNumber(text);
                break;
            case KeyName.AvailableCost:
                _availableCost = ReadNumber(text);
                break;
            case KeyName.RestoreRate:
                _restoreRate = ReadNumber(text);
                break;
        }
    }

    private void AddQuota(bool isLong)
    {
        IsLongQuota |= isLong;
        IsShortQuota |= !isLong;
    }

    private static TimeSpan TimeToRestore(decimal points, decimal rate) =>
        points / (decimal)DelayHint.Longest.TotalSeconds >= rate
            ? DelayHint.Longest // Asked first: of some numbers there is a quotient that no decimal can hold.
            : DelayText.ToTimeSpan(points / rate, TimeSpan.TicksPerSecond);

    private static decimal? ReadNumber(ReadOnlySpan<char> text) =>
        DelayText.TryReadNumber(text, out var number) ? number : null;
}
