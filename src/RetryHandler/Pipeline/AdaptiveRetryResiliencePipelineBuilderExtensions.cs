using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using RetryHandler;
using RetryHandler.Configuration;
using RetryHandler.Pipeline;
using RetryHandler.Retry;
using RetryHandler.State;

namespace Polly;

/// <summary>Extension methods that add adaptive retries to a Polly pipeline.</summary>
public static class AdaptiveRetryResiliencePipelineBuilderExtensions
{
    /// <summary>Adds retries with throttling awareness, and a send rate shared by all users of the pipeline.</summary>
    /// <remarks>
    /// <para>
    /// The strategy finds the request in the context property named <c>Resilience.Http.RequestMessage</c>, restores it
    /// before each attempt and judges by its method and content whether it may be repeated. Without that property the
    /// callback has to make a new request for each attempt, and only a request that the upstream surely did not act on
    /// is repeated, unless <see cref="ReplayOptions.UnsafeMethods"/> says otherwise.
    /// </para>
    /// <para>
    /// <see cref="AdaptiveRetryOptions.TotalTimeout"/>, <see cref="AdaptiveRetryOptions.AttemptTimeout"/>,
    /// <see cref="AdaptiveRetryOptions.CircuitBreaker"/> and
    /// <see cref="AdaptiveRetryOptions.ConfigureAttemptPipeline"/> can't be used here: add Polly's strategies outside
    /// and inside this one.
    /// </para>
    /// </remarks>
    /// <param name="builder">The pipeline's builder.</param>
    /// <param name="options">The settings; copied when the pipeline is built.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="OptionsValidationException">Some values are out of range; the message names them
    /// all.</exception>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026:RequiresUnreferencedCode",
        Justification = "Polly validates the options by reflection; these hold nothing to validate.")]
    public static ResiliencePipelineBuilder<HttpResponseMessage> AddAdaptiveRetry(
        this ResiliencePipelineBuilder<HttpResponseMessage> builder, AdaptiveRetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        var name = builder.Name ?? string.Empty;
        OptionRules.ThrowIfBroken(name, options);
        OptionRules.ThrowIfSet(name, nameof(options.TotalTimeout), options.TotalTimeout);
        OptionRules.ThrowIfSet(name, nameof(options.AttemptTimeout), options.AttemptTimeout);
        OptionRules.ThrowIfSet(name, nameof(options.AttemptPipeline), options.AttemptPipeline);
        OptionRules.ThrowIfSet(
            name, "CircuitBreaker.Enabled", options.CircuitBreaker.Enabled ? options.CircuitBreaker.Enabled : null);
        return builder.AddStrategy(
            context => new AdaptiveRetryResilienceStrategy(new ClientState(name, options, context.TimeProvider)),
            new StrategyOptions());
    }

    private sealed class StrategyOptions : ResilienceStrategyOptions
    {
        public StrategyOptions() => Name = "AdaptiveRetry";
    }
}
