using System.Collections.Concurrent;

namespace FlakyUpstream.Behaviours;

/// <summary>The behaviours in use, by their exact text.</summary>
internal sealed class BehaviourRegistry(TimeProvider time)
{
    // Callers choose the texts; without a bound a test that never repeats a key would fill the memory.
    private const int Capacity = 1000;

    private const string TunedPrefix = "tuned?key=";

    private readonly ConcurrentDictionary<string, Behaviour> _behaviours = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Behaviour> _tuned = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">The text is not understood; the message says why.</exception>
    public Behaviour Get(string text)
    {
        if (text.StartsWith(TunedPrefix, StringComparison.Ordinal))
        {
            var key = Uri.UnescapeDataString(text[TunedPrefix.Length..]);
            return _tuned.GetValueOrDefault(key) ?? throw new FormatException($"Nothing is tuned as '{key}' yet.");
        }

        if (_behaviours.TryGetValue(text, out var known))
        {
            return known;
        }

        var behaviour = BehaviourParser.Parse(text, time, new Counters());
        if (_behaviours.Count >= Capacity)
        {
            RemoveLongestUnused();
        }

        return _behaviours.GetOrAdd(text, behaviour);
    }

    /// <summary>Makes a behaviour, or puts another in its place; its counters go on.</summary>
    /// <exception cref="FormatException">The text is not understood; the message says why.</exception>
    public void Tune(string key, string text)
    {
        if (_tuned.Count >= Capacity && !_tuned.ContainsKey(key))
        {
            throw new FormatException($"There are {Capacity} tuned behaviours already.");
        }

        var counters = _tuned.TryGetValue(key, out var before) ? before.Counters : new Counters();
        _tuned[key] = BehaviourParser.Parse($"{text}&key={Uri.EscapeDataString(key)}", time, counters);
    }

    public UpstreamStats Stats(string key) => _behaviours.Values.Concat(_tuned.Values)
        .Where(behaviour => behaviour.Key == key)
        .Aggregate(UpstreamStats.Zero, (sum, behaviour) => sum.Plus(behaviour.Stats));

    private void RemoveLongestUnused()
    {
        var oldest = _behaviours.MinBy(entry => entry.Value.LastUse);
        _behaviours.TryRemove(oldest);
    }
}
