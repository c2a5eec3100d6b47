using System.Collections.Concurrent;

namespace FlakyUpstream.Behaviours;

/// <summary>The behaviours in use, by their exact text.</summary>
internal sealed class BehaviourRegistry(TimeProvider time)
{
    // Callers choose the texts; without a bound a test that never repeats a key would fill the memory.
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, Behaviour> _behaviours = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">The text is not understood; the message says why.</exception>
    public Behaviour Get(string text)
    {
        if (_behaviours.TryGetValue(text, out var known))
        {
            return known;
        }

        var behaviour = BehaviourParser.Parse(text, time);
        if (_behaviours.Count >= Capacity)
        {
            RemoveLongestUnused();
        }

        return _behaviours.GetOrAdd(text, behaviour);
    }

    public UpstreamStats Stats(string key) => _behaviours.Values
        .Where(behaviour => behaviour.Key == key)
        .Aggregate(UpstreamStats.Zero, (sum, behaviour) => sum.Plus(behaviour.Stats));

    private void RemoveLongestUnused()
    {
        var oldest = _behaviours.MinBy(entry => entry.Value.LastUse);
        _behaviours.TryRemove(oldest);
    }
}
