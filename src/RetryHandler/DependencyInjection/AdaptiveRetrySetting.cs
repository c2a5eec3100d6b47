using Microsoft.Extensions.Configuration;

namespace RetryHandler.DependencyInjection;

/// <summary>One call of <c>AddAdaptiveRetry</c> that said something about settings.</summary>
/// <param name="ClientName">The client; <see langword="null"/> for all clients.</param>
/// <param name="Rank">How strong it is.</param>
/// <param name="Apply">Changes the options of the client whose name is given.</param>
internal sealed record AdaptiveRetrySetting(
    string? ClientName, SettingRank Rank, Action<string, AdaptiveRetryOptions, IServiceProvider> Apply)
{
    /// <summary>Gets the configuration that it reads, whose changes are followed.</summary>
    public IConfiguration? Source { get; init; }
}
