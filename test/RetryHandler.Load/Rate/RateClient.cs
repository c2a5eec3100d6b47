using Microsoft.Extensions.DependencyInjection;
using StoreFront.Demo;

namespace RetryHandler.Load.Rate;

/// <summary>A way to call the upstream: this library, and what else there is.</summary>
/// <param name="Name">As the command line takes it.</param>
/// <param name="Title">As the table shows it.</param>
/// <param name="Add">Adds it to a client.</param>
internal sealed record RateClient(string Name, string Title, Action<IHttpClientBuilder> Add)
{
    public static RateClient Adaptive { get; } =
        new("adaptive", "AddAdaptiveRetry(), defaults", static builder => builder.AddAdaptiveRetry());

    public static IReadOnlyList<RateClient> All { get; } =
    [
        Adaptive,
        new("none", "no handler", static _ => { }),
        new("polly", "Polly by hand, 4 attempts",
            static builder => builder.AddHttpMessageHandler(PollyRetryHandler.WithStockRetry)),
        new("azure", "Azure.Core, defaults",
            static builder => builder.ConfigurePrimaryHttpMessageHandler(static () => new AzureRetryHandler())),
    ];
}
