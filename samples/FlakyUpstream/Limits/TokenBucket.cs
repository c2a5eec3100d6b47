namespace FlakyUpstream.Limits;

/// <summary>
/// A token bucket filled from the time that has passed, at the moment somebody asks. It needs no timer, so unlike the
/// framework's TokenBucketRateLimiter it admits 200 requests a second as one every 5 ms and not in steps.
/// </summary>
internal sealed class TokenBucket : ILimit
{
    private readonly double _rate;
    private readonly double _burst;
    private double _tokens;
    private TimeSpan _filledAt;

    public TokenBucket(double rate, double burst)
    {
        _rate = rate;
        _burst = burst;
        _tokens = burst;
    }

    public Admission TryEnter(TimeSpan now)
    {
        _tokens = Math.Min(_burst, _tokens + (now - _filledAt).TotalSeconds * _rate);
        _filledAt = now;
        if (_tokens < 1)
        {
            return new Admission(false, TimeSpan.FromSeconds((1 - _tokens) / _rate), Budget: Left());
        }

        _tokens--;
        return new Admission(true, Budget: Left());
    }

    private Budget Left() => new((int)_tokens, TimeSpan.FromSeconds((_burst - _tokens) / _rate))
    {
        Limit = (int)_burst,
        Quota = _rate,
        Window = TimeSpan.FromSeconds(1),
    };
}
