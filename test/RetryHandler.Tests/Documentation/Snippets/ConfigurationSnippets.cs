using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>The examples of docs/configuration.md and docs/classification.md.</summary>
internal static class ConfigurationSnippets
{
    public static void AwsSettings(WebApplicationBuilder builder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var file = new ConfigurationBuilder().AddIniFile(Path.Combine(home, ".aws/config"), optional: true).Build();
        builder.Configuration.AddAwsRetrySettings(file);
        builder.Services.AddAdaptiveRetry(builder.Configuration);
    }

    public static void ByCause(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.TransientTimeout.MaxAttempts = 2;
            options.TransientNetwork.Backoff = BackoffKind.Constant;
            options.Throttled.MinDelay = TimeSpan.FromMilliseconds(200);
            options.Quota.TimeoutCost = 20;
        });
    }

    public static void AllOneNone(WebApplicationBuilder builder)
    {
        builder.Services.AddAdaptiveRetry(options => options.TotalTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddHttpClient("reports").AddAdaptiveRetry(o => o.TotalTimeout = TimeSpan.FromMinutes(5));
        builder.Services.AddHttpClient("payments").RemoveAdaptiveRetry();
    }

    public static void SuccessBodies(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.Classification.InspectSuccessBodies = true;
            options.Classification.Classifiers.Add(new BusyShopClassifier());
        });
    }
}
