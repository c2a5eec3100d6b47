using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using RetryHandler.Tests.Documentation.Snippets;

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

    public static void Classification(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.Classification.ThrottlingErrorCodes.Add("ORDERS_TOO_FAST");
            options.Classification.TransientStatusCodes.Add(499);
            options.Classification.Classifiers.Add(new WarehouseClassifier());
        });
    }

    public static void SendRate(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.SendRate.InitialRate = 50;                     // attempts per second, from the first one on
            options.SendRate.MaxWait = TimeSpan.FromSeconds(2);    // a longer wait fails at once
            options.SendRate.QueueLimit = 1000;                    // and so does the next caller behind so many
        });
    }

    public static async Task<IResult> SendRateLimited(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync("/orders/7", cancellationToken);
        }
        catch (SendRateLimitedException e)
        {
            return Results.Problem($"Busy until {e.RetryAt:T}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return Results.Ok();
    }

    public static void QuotaRatio(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<OrdersClient>().AddAdaptiveRetry(options =>
        {
            options.Quota.Kind = RetryQuotaKind.Ratio;
            options.Quota.MaxRatio = 0.2;
        });
    }

    private static ValueTask Report(string client, RetryStopReason reason)
    {
        TestContext.Out.WriteLine($"{client}: {reason}");
        return default;
    }
}
