namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// One call: what happens to it is chosen by its own seed; it may be cancelled anywhere, by its own upstream.
/// </summary>
internal sealed class ChaosCall : IDisposable
{
    private static readonly HttpRequestOptionsKey<ChaosCall> Key = new("Chaos");

    private static readonly (ChaosStep Step, int Weight)[] Steps =
    [
        (ChaosStep.Succeed, 50), (ChaosStep.Throttle, 8), (ChaosStep.Unavailable, 8),
        (ChaosStep.UnavailableWithDelay, 5), (ChaosStep.NotFound, 3), (ChaosStep.Refuse, 5), (ChaosStep.Break, 5),
        (ChaosStep.InnerTimeout, 3), (ChaosStep.Hang, 2), (ChaosStep.BodyStalls, 3), (ChaosStep.BodyBreaks, 4),
        (ChaosStep.BodyBreaksLater, 4),
    ];

    private readonly Random _random;
    private readonly CancellationTokenSource _caller = new();
    private readonly bool _isHealthy;
    private readonly int _cancelAtPoint;
    private int _points;

    public ChaosCall(int seed, bool isHealthy = false)
    {
        _random = new Random(seed);
        _isHealthy = isHealthy;

        // A quarter is cancelled by the upstream, at one of the first six points; an eighth by a clock.
        _cancelAtPoint = !isHealthy && _random.Next(4) == 0 ? _random.Next(6) : -1;
        if (!isHealthy && _random.Next(8) == 0)
        {
            _caller.CancelAfter(_random.Next(6));
        }

        Request = new HttpRequestMessage(_random.Next(2) == 0 ? HttpMethod.Put : HttpMethod.Get, "http://chaos.test/");
        Request.Options.Set(Key, this);
        if (Request.Method == HttpMethod.Put)
        {
            Request.Content = new StringContent("payload");
        }

        PassPoint();
    }

    public HttpRequestMessage Request { get; }

    public CancellationToken Token => _caller.Token;

    /// <summary>Gets how many attempts reached the upstream.</summary>
    public int Attempts { get; private set; }

    public static ChaosCall Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call)
            ? call
            : throw new InvalidOperationException("The options are lost.");

    public ChaosStep NextStep()
    {
        Attempts++;
        if (_isHealthy)
        {
            return ChaosStep.Succeed;
        }

        var at = _random.Next(Steps.Sum(static step => step.Weight));
        return Steps.First(step => (at -= step.Weight) < 0).Step;
    }

    public int Next(int bound) => _random.Next(bound);

    /// <summary>Passes one of the places at which the caller may leave.</summary>
    public void PassPoint()
    {
        if (_points++ == _cancelAtPoint)
        {
            _caller.Cancel();
        }
    }

    public void Dispose()
    {
        _caller.Dispose();
        Request.Dispose();
    }
}
