namespace RetryHandler.Quota;

/// <summary>Retries up to a share of the calls of the last 10 seconds, and a few in any case.</summary>
/// <remarks>The window moves in steps of a second, so it is between 9 and 10 seconds long.</remarks>
internal sealed class RatioLedger(RetryQuotaSettings settings) : IQuotaLedger
{
    private const int Seconds = 10;

    private int[] _calls = new int[Seconds];
    private int[] _retries = new int[Seconds];
    private long _second;

    // It counts calls, whatever becomes of them.
    public bool NeedsNoRefund => true;

    public bool CountsCalls => true;

    public bool FollowsTime => true;

    private int Allowed => (int)Math.Min(
        int.MaxValue, Math.Max(settings.MinRetriesPerSecond * Seconds, settings.MaxRatio * Sum(_calls)) + 1e-9);

    public int Available(double now)
    {
        MoveTo(now);
        return Math.Max(0, Allowed - (int)Sum(_retries));
    }

    public int Capacity(double now)
    {
        MoveTo(now);
        return Allowed;
    }

    public void OnCall(double now)
    {
        MoveTo(now);
        _calls[_second % Seconds]++;
    }

    public bool TryTake(int cost, double now)
    {
        if (Available(now) == 0)
        {
            return false;
        }

        _retries[_second % Seconds]++;
        return true;
    }

    public void Return(int cost, double now)
    {
        MoveTo(now);

        // It may have been taken some seconds ago: then the newest retry leaves the window in its place.
        for (var back = 0; back < Seconds; back++)
        {
            ref var retries = ref _retries[(_second + Seconds - back) % Seconds];
            if (retries > 0)
            {
                retries--;
                return;
            }
        }
    }

    public void OnSuccess(bool atFirstTry, int cost, double now)
    {
    }

    public IQuotaLedger With(RetryQuotaSettings settings, double now) =>
        settings.Kind == RetryQuotaKind.Ratio
            ? new RatioLedger(settings) { _calls = _calls, _retries = _retries, _second = _second }
            : new TokenLedger(settings, now);

    private static long Sum(int[] counts)
    {
        var sum = 0L;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }

    private void MoveTo(double now)
    {
        var second = (long)now;
        for (var next = Math.Max(_second + 1, second - Seconds + 1); next <= second; next++)
        {
            _calls[next % Seconds] = _retries[next % Seconds] = 0;
        }

        _second = Math.Max(_second, second);
    }
}
