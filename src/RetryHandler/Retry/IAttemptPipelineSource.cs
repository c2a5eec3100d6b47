using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>Where a client gets what its attempts run inside.</summary>
internal interface IAttemptPipelineSource
{
    /// <summary>Gets the pipeline for the settings; a new one only when strategies of it have changed.</summary>
    IAttemptPipeline? For(AdaptiveRetryOptions options, ClientTelemetry telemetry);
}
