using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>
/// Callers who always want to send, the bucket and the controller of a client, and an upstream, in virtual time.
/// </summary>
/// <param name="upstream">Answers, or does not.</param>
/// <param name="callers">How many attempts there are at most at the same time.</param>
/// <param name="roundTrip">The time until the answer, in seconds.</param>
internal sealed class ControllerRun(
    Func<double, SendResponse?> upstream, int callers = 20, double roundTrip = 0.05)
{
    private readonly Queue<(double At, SendPermit Permit, SendResponse? Response)> _onTheirWay = new();
    private AdaptiveTokenBucket? _bucket;
    private int _free;

    public ControllerRun(Func<double, bool> upstream, int callers = 20, double roundTrip = 0.05)
        : this(now => upstream(now) ? Accepted : Refused, callers, roundTrip)
    {
    }

    public static SendResponse Accepted { get; } = new(SendFeedback.Accepted);

    public static SendResponse Refused { get; } = new(SendFeedback.Throttled);

    public ISendRateController Controller { get; init; } = new ProbingController();

    /// <summary>Gets the settings; the lowest rate is the default of the options for the probing controller.</summary>
    public SendRateSettings Settings { get; init; } = new(MinRate: 1 / 60.0);

    public AdaptiveTokenBucket Bucket => _bucket ??= new(Settings, Controller);

    public LimitKind Kind => Controller.Kind;

    public double Now { get; private set; }

    /// <summary>Gets when attempts were accepted.</summary>
    public List<double> Acceptances { get; } = [];

    /// <summary>Gets when attempts were refused.</summary>
    public List<double> Refusals { get; } = [];

    private int Waiting => callers - _onTheirWay.Count;

    public void RunUntil(double seconds) => RunUntil(() => false, seconds);

    /// <summary>Runs until something is so.</summary>
    /// <returns>Whether that was before the time was over.</returns>
    /// <exception cref="InvalidOperationException">Nothing can happen any more.</exception>
    public bool RunUntil(Func<bool> condition, double seconds)
    {
        while (!condition())
        {
            LetGo();
            var answer = _onTheirWay.TryPeek(out var next) ? next.At : double.PositiveInfinity;
            var look = Waiting > 0 ? Now + NextLook() : double.PositiveInfinity;
            var at = Math.Min(answer, look);
            if (double.IsInfinity(at))
            {
                throw new InvalidOperationException($"Nobody may go, and no answer can come: {this}.");
            }

            if (at > seconds)
            {
                Move(seconds);
                return false;
            }

            Move(at);
            if (answer <= look)
            {
                Settle(_onTheirWay.Dequeue());
            }
        }

        return true;
    }

    /// <summary>Runs on, and counts.</summary>
    /// <returns>How many were accepted in a second.</returns>
    public double RateOf(double seconds)
    {
        var before = Acceptances.Count;
        RunUntil(Now + seconds);
        return (Acceptances.Count - before) / seconds;
    }

    public override string ToString() => $"{Kind} at {Now:0.0} s, {Bucket.StateAt(Now, Waiting)}";

    /// <summary>Computes when the limiter's timer fires.</summary>
    private double NextLook()
    {
        var look = Bucket.NextLook(Now);
        return double.IsInfinity(look) ? look : Waits.RoundUp(look).TotalSeconds;
    }

    private void Move(double now)
    {
        Bucket.Refill(isBacklogged: Waiting > 0, now);
        Now = now;
    }

    private void LetGo()
    {
        while (Waiting > 0)
        {
            var permit = SendPermit.Free;
            if (!Bucket.IsLimiting)
            {
                _free++;
            }
            else if (!Bucket.TryTake(Now, out permit))
            {
                return;
            }

            _onTheirWay.Enqueue((Now + roundTrip, permit, upstream(Now + (roundTrip / 2))));
        }
    }

    private void Settle((double At, SendPermit Permit, SendResponse? Response) attempt)
    {
        _free -= attempt.Permit.IsFree ? 1 : 0;
        if (attempt.Response is not { } response)
        {
            Bucket.TakeBack(attempt.Permit, wasSent: true);
            return;
        }

        Bucket.OnResponse(attempt.Permit, response, _free, mayRest: Waiting == 0, Now);
        (response.Feedback == SendFeedback.Throttled ? Refusals : Acceptances).Add(Now);
    }
}
