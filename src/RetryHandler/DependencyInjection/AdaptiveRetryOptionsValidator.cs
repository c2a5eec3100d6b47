using Microsoft.Extensions.Options;
using RetryHandler.Configuration;

namespace RetryHandler.DependencyInjection;

/// <summary>Validates the options of each client when the host starts, and when its first handler is built.</summary>
internal sealed class AdaptiveRetryOptionsValidator : IValidateOptions<AdaptiveRetryOptions>
{
    public ValidateOptionsResult Validate(string? name, AdaptiveRetryOptions options) =>
        OptionRules.Check(name ?? string.Empty, options) is { Count: > 0 } broken
            ? ValidateOptionsResult.Fail(broken)
            : ValidateOptionsResult.Success;
}
