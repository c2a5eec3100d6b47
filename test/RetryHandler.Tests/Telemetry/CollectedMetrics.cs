using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RetryHandler.Tests.Telemetry;

/// <summary>Listens to the meter of one factory, and adds up what is measured, by instrument and tags.</summary>
internal sealed class CollectedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Instrument, string Tags), double> _sums = new();
    private readonly ConcurrentDictionary<(string Instrument, string Tags), double> _last = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    public CollectedMetrics(Func<Instrument, bool> isWanted)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "RetryHandler" && isWanted(instrument))
            {
                Instruments.TryAdd(instrument.Name, instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        _listener.Start();
    }

    public ConcurrentDictionary<string, Instrument> Instruments { get; } = new();

    /// <summary>Gets the sums of one instrument, by tags as <c>name=value, ...</c> without the client.</summary>
    public IReadOnlyDictionary<string, double> Sums(string instrument) => Of(_sums, instrument);

    /// <summary>Reads the gauges, and gets the values of one.</summary>
    public IReadOnlyDictionary<string, double> Gauge(string instrument)
    {
        _last.Clear();
        _listener.RecordObservableInstruments();
        return Of(_last, instrument);
    }

    /// <summary>Gets how often one instrument was written, with whatever tags.</summary>
    public int Count(string instrument) => _counts.GetValueOrDefault(instrument);

    /// <summary>Gets the sum of the series that have a tag, given as <c>name=value</c>.</summary>
    public double Total(string instrument, string tag) => Sums(instrument)
        .Where(entry => entry.Key.Split(", ").Contains(tag)).Sum(static entry => entry.Value);

    public double Total(string instrument) => Sums(instrument).Values.Sum();

    public void Dispose() => _listener.Dispose();

    private static Dictionary<string, double> Of(
        ConcurrentDictionary<(string Instrument, string Tags), double> values, string instrument) =>
        values.Where(entry => entry.Key.Instrument == instrument)
            .ToDictionary(static entry => entry.Key.Tags, static entry => entry.Value);

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(", ", tags.ToArray().Where(static tag => tag.Key != "http.client.name")
            .Select(static tag => $"{tag.Key.Split('.')[^1]}={tag.Value}"));
        _sums.AddOrUpdate((instrument.Name, text), value, (_, sum) => sum + value);
        _last[(instrument.Name, text)] = value;
        _counts.AddOrUpdate(instrument.Name, 1, static (_, count) => count + 1);
    }
}
