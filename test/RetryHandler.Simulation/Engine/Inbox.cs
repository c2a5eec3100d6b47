namespace RetryHandler.Simulation.Engine;

/// <summary>What the calls of one client process want from the world: to send an attempt, or to end.</summary>
/// <remarks>
/// The limiter continues its waiters on pool threads. So that a run is the same every time, the loop's thread waits until
/// all calls that were released have said what they want, and then serves them in the order of their numbers.
/// </remarks>
internal sealed class Inbox
{
    // Far more than a released call needs to come back, even on a busy machine; then the simulator has lost count.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly List<(long Call, Action Wish)> _wishes = [];

    public void Post(long call, Action wish)
    {
        lock (_gate)
        {
            _wishes.Add((call, wish));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for wishes of released calls.</summary>
    /// <param name="released">How many calls left the limiter's queue.</param>
    /// <param name="own">The call whose own step released them; its wish does not count.</param>
    /// <returns>All wishes, in the order in which they are to be served.</returns>
    public IReadOnlyList<(long Call, Action Wish)> Take(int released, long own)
    {
        lock (_gate)
        {
            while (CountOthers(own) < released)
            {
                if (!Monitor.Wait(_gate, Patience))
                {
                    throw new InvalidOperationException($"{released} calls were released but did not come back.");
                }
            }

            if (_wishes.Count == 0)
            {
                return [];
            }

            var wishes = _wishes.OrderBy(wish => wish.Call).ToArray();
            _wishes.Clear();
            return wishes;
        }
    }

    private int CountOthers(long own)
    {
        var count = 0;
        foreach (var (call, _) in _wishes)
        {
            count += call == own ? 0 : 1;
        }

        return count;
    }
}
