using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RetryHandler.Telemetry;

/// <summary>Where the clients of one service provider are known to its metrics and its monitor.</summary>
/// <remarks>It keeps no client alive: handlers made by hand come and go while their metrics stay registered.</remarks>
internal sealed class TelemetryHub : IDisposable
{
    private const string LogCategory = "RetryHandler";

    private readonly ILogger _logger;
    private readonly ConditionalWeakTable<ClientTelemetry, object?> _clients = [];
    private readonly Meter? _ownMeter;

    public TelemetryHub(IMeterFactory? meters = null, ILoggerFactory? loggers = null)
    {
        _logger = loggers?.CreateLogger(LogCategory) ?? NullLogger.Instance;

        // The factory disposes its meters itself.
        _ownMeter = meters is null ? new Meter(MetricNames.Meter) : null;
        var meter = _ownMeter ?? meters!.Create(MetricNames.Meter);
        Metrics = new RetryMetrics(meter);
        StateGauges.Create(meter, () => Clients);
    }

    /// <summary>Gets the hub of handlers and pipelines that are made without a service provider.</summary>
    public static TelemetryHub Shared { get; } = new();

    public RetryMetrics Metrics { get; }

    /// <summary>Gets the clients that are alive, by name.</summary>
    public IEnumerable<ClientTelemetry> Clients =>
        _clients.Select(static entry => entry.Key).OrderBy(static client => client.Name, StringComparer.Ordinal);

    public ClientTelemetry Create(string clientName, LoggingOptions logging, TimeProvider timeProvider) =>
        new(clientName, timeProvider, Metrics, new RetryLog(clientName, _logger, logging));

    /// <summary>Shows a client from now on, for as long as it lives.</summary>
    public void Add(ClientTelemetry client) => _clients.Add(client, null);

    public void Dispose() => _ownMeter?.Dispose();
}
