using StoreFront.Demo;

namespace StoreFront.Live;

/// <summary>Keeps the three clients under the same load for as long as somebody watches.</summary>
internal sealed class LiveSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LiveLane[] _lanes;
    private CancellationTokenSource? _load;
    private int _viewers;
    private LiveKnobs _knobs = LiveKnobs.Initial;

    public LiveSession(IServiceProvider services)
    {
        _lanes =
        [
            .. Enum.GetValues<ClientKind>().Select(kind => ActivatorUtilities.CreateInstance<LiveLane>(services, kind)),
        ];
        Turn(_knobs);
    }

    /// <summary>Turns the knobs, for all three at once.</summary>
    public void Turn(LiveKnobs knobs)
    {
        lock (_lock)
        {
            var sameLoad = knobs.Callers == _knobs.Callers;
            _knobs = knobs;
            foreach (var lane in _lanes)
            {
                lane.Tune(knobs);
            }

            if (_load is not null && !sameLoad)
            {
                StopLoad();
                StartLoad();
            }
        }
    }

    public LiveFrame Read() => new(DateTimeOffset.UtcNow, _knobs, [.. _lanes.Select(static lane => lane.Read())]);

    public void Enter()
    {
        lock (_lock)
        {
            if (_viewers++ == 0)
            {
                StartLoad();
            }
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_viewers == 0)
            {
                StopLoad();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            StopLoad();
        }
    }

    private void StartLoad()
    {
        _load = new CancellationTokenSource();
        foreach (var lane in _lanes)
        {
            _ = lane.RunAsync(_knobs.Callers, _load.Token);
        }
    }

    private void StopLoad()
    {
        _load?.Cancel();
        _load?.Dispose();
        _load = null;
    }
}
