namespace RetryHandler.Simulation.Engine;

/// <summary>The continuations of one client's calls that wait for the thread of the event loop.</summary>
/// <remarks>
/// The limiter continues its waiters on pool threads, from where they are posted here. So that a run is the same every
/// time, the loop's thread waits until all calls that were released have come, and takes them in the order of their
/// numbers.
/// </remarks>
internal sealed class Inbox
{
    // Far more than a released call needs to come back, even on a busy machine; then the simulator has lost count.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly PriorityQueue<Action, long> _posts = new();
    private long _own;
    private int _fromOthers;
    private int _expected;

    /// <summary>Begins a step.</summary>
    /// <param name="own">The call whose step it is, whose posts are not those of released calls; -1 for none.</param>
    /// <param name="expected">How many posts come at least, even when nothing leaves the limiter's queue.</param>
    public void BeginStep(long own, int expected)
    {
        lock (_gate)
        {
            (_own, _fromOthers, _expected) = (own, 0, expected);
        }
    }

    /// <summary>Notes that the present step turned out to be that of a certain call, which goes on by itself.</summary>
    public void OwnStep(long call)
    {
        lock (_gate)
        {
            (_own, _expected) = (call, 0);
        }
    }

    public void Post(long call, Action continuation)
    {
        lock (_gate)
        {
            _posts.Enqueue(continuation, call);
            _fromOthers += call == _own ? 0 : 1;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the calls that the present step released from the limiter's queue.</summary>
    public void WaitFor(int released)
    {
        lock (_gate)
        {
            while (_fromOthers < Math.Max(_expected, released))
            {
                if (!Monitor.Wait(_gate, Patience))
                {
                    throw new InvalidOperationException($"{released} calls were released, {_fromOthers} came back.");
                }
            }
        }
    }

    public bool TryTake(out Action continuation, out long call)
    {
        lock (_gate)
        {
            return _posts.TryDequeue(out continuation!, out call);
        }
    }
}
