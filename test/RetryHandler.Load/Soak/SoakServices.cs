using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Load.Soak;

/// <summary>The clients, as an application would set them up, and its settings, which change all the time.</summary>
internal sealed class SoakServices : IAsyncDisposable
{
    // The shortest that the factory takes.
    private static readonly TimeSpan HandlerLifetime = TimeSpan.FromSeconds(1);

    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
    private readonly ServiceProvider _provider;

    public SoakServices(Uri upstream)
    {
        var services = new ServiceCollection();
        services.AddAdaptiveRetry(_configuration);
        foreach (var client in SoakClient.All)
        {
            services.AddHttpClient(client.Name, http => http.BaseAddress = upstream)
                .AddAdaptiveRetry(options =>
                {
                    options.AttemptTimeout = client.AttemptTimeout;
                    if (client.Tenants > 0)
                    {
                        options.Partition.MaxPartitions = client.Tenants / 10;
                        options.Partition.IdleTimeout = TimeSpan.FromSeconds(10);
                    }
                })
                .SetHandlerLifetime(HandlerLifetime);
        }

        _provider = services.BuildServiceProvider();
    }

    public IHttpClientFactory Factory => _provider.GetRequiredService<IHttpClientFactory>();

    public IAdaptiveRetryMonitor Monitor => _provider.GetRequiredService<IAdaptiveRetryMonitor>();

    /// <summary>Changes settings every second; now and then to a value that is not valid, and is not taken.</summary>
    /// <returns>How often.</returns>
    public async Task<int> ReloadAsync(CancellationToken isOver)
    {
        var reloads = 0;
        for (; !isOver.IsCancellationRequested; reloads++)
        {
            _configuration["AdaptiveRetry:Defaults:Quota:Capacity"] = $"{500 + (reloads % 7)}";
            _configuration["AdaptiveRetry:Defaults:Throttled:BaseDelay"] =
                reloads % 10 == 9 ? "soon" : $"00:00:00.{100 + (reloads % 50):D3}";
            _configuration.Reload();
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }

        return reloads;
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
