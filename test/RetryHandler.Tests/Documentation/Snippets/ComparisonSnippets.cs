using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>The examples of docs/comparison.md.</summary>
internal static class ComparisonSnippets
{
    public static void StandardResilienceHandler(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.MaxAttempts = 4;
            options.Transient.BaseDelay = options.Throttled.BaseDelay = TimeSpan.FromSeconds(2);
            options.AttemptTimeout = TimeSpan.FromSeconds(10);
            options.TotalTimeout = TimeSpan.FromSeconds(30);
            options.CircuitBreaker.Enabled = true;
            options.CircuitBreaker.FailureRatio = 0.1;
        });
    }

    public static void PollyPipeline(WebApplicationBuilder builder)
    {
        _ = builder;
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddTimeout(TimeSpan.FromSeconds(30))
            .AddAdaptiveRetry(new AdaptiveRetryOptions { Mode = RetryMode.Standard })
            .AddTimeout(TimeSpan.FromSeconds(10))
            .Build();

        using var response = pipeline.Execute(static () => new HttpResponseMessage());
        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
    }

    public static void AwsBefore2026(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.Mode = RetryMode.Standard;
            options.Transient.BaseDelay = options.Throttled.BaseDelay = TimeSpan.FromSeconds(1);
            options.Quota.TransientCost = 5;
            options.Quota.TimeoutCost = 10;
        });
    }

    public static void AzureCore(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.MaxAttempts = 4;
            options.Transient.BaseDelay = options.Throttled.BaseDelay = TimeSpan.FromMilliseconds(800);
            options.Transient.MaxDelay = options.Throttled.MaxDelay = TimeSpan.FromMinutes(1);
            options.AttemptTimeout = TimeSpan.FromSeconds(100);
        });
    }
}
