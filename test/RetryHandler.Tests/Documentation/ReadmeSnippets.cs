using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace RetryHandler.Tests.Documentation;

/// <summary>The examples of the README, as compiled code. A test holds the two together and runs them.</summary>
internal static class ReadmeSnippets
{
    public static void QuickStart(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry();   // one client
        builder.Services.AddHttpClient().AddAdaptiveRetry();                 // every client of the factory
    }

    public static void Options(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.Mode = RetryMode.Standard;
            options.Throttled.MaxAttempts = 5;
            options.TotalTimeout = TimeSpan.FromSeconds(30);
        });
    }

    public static void Configuration(WebApplicationBuilder builder)
    {
        builder.Services.AddAdaptiveRetry(builder.Configuration);
    }

    public static void AwsSettings(WebApplicationBuilder builder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var file = new ConfigurationBuilder().AddIniFile(Path.Combine(home, ".aws/config"), optional: true).Build();
        builder.Configuration.AddAwsRetrySettings(file);
        builder.Services.AddAdaptiveRetry(builder.Configuration);
    }

    public static void Causes(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.Mode = RetryMode.Standard;
            options.Transient.BaseDelay = options.Throttled.BaseDelay = TimeSpan.FromSeconds(1);
            options.Quota.TransientCost = 5;
            options.Quota.TimeoutCost = 10;
        });
    }

    public static void Callbacks(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.OnRetry = args => ValueTask.FromResult(args.Request?.RequestUri?.AbsolutePath != "/no-retries");
            options.OnStop = args => Report(args.ClientName, args.Info.StopReason);
        });
    }

    public static async Task Request(OrdersClient orders, CancellationToken cancellationToken)
    {
        var http = orders.Http;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
            .MarkRepeatable()
            .SetAdaptiveRetryMaxAttempts(2)
            .SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(5));
        using var response = await http.SendAsync(request, cancellationToken);
        var (attempts, stopReason, timeWaited) = response.GetAdaptiveRetryInfo();
        Assert.That((attempts, stopReason), Is.EqualTo((1, RetryStopReason.Succeeded)));
        Assert.That(timeWaited, Is.EqualTo(TimeSpan.Zero));
    }

    public static void Partitions(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
            options.Partition.KeySelector = request =>
                request.Headers.TryGetValues("X-Tenant", out var tenant) ? tenant.First() : null);
    }

    public static void Pipeline(WebApplicationBuilder builder)
    {
        _ = builder;
        var pipeline =
            new ResiliencePipelineBuilder<HttpResponseMessage>().AddAdaptiveRetry(new AdaptiveRetryOptions()).Build();
        Assert.That(pipeline, Is.Not.Null);
    }

    public static void CircuitBreaker(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.CircuitBreaker.Enabled = true;
            options.ConfigureAttemptPipeline(attempt => attempt.AddTimeout(TimeSpan.FromSeconds(5)));
        });
    }

    public static void Dashboard(WebApplication app)
    {
        app.MapAdaptiveRetryDashboard("/retries").RequireAuthorization();
    }

    public static void Health(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddAdaptiveRetryHealthCheck();
    }

    private static ValueTask Report(string client, RetryStopReason reason)
    {
        TestContext.Out.WriteLine($"{client}: {reason}");
        return default;
    }
}
