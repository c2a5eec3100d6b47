using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace StoreFront;

/// <summary>Sends metrics and traces to an OpenTelemetry collector, when one is named.</summary>
internal sealed class OpenTelemetryExport : IDisposable
{
    // The variable that the exporters themselves read, so that theirs and this one agree.
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Sources = ["RetryHandler", "System.Net.Http"];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OpenTelemetryExport()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("StoreFront");
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource).AddMeter(Sources).AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter().Build();
    }

    /// <summary>
    /// Off unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, for example to <c>http://localhost:4317</c>.
    /// </summary>
    public static OpenTelemetryExport? StartIfAsked(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration[EndpointSetting]) ? null : new OpenTelemetryExport();

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }
}
