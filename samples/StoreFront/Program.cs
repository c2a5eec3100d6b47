using FlakyUpstream;
using StoreFront;
using StoreFront.Demo;
using StoreFront.Live;
using StoreFront.Orders;

if (args.Contains("--demo"))
{
    return await DemoCommand.RunAsync(args, Console.Out);
}

await using var upstream = await FlakyUpstreamHost.StartAsync();

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.ListenOnLoopbackByDefault();
builder.Services.AddSingleton(upstream);

builder.Services
    .AddHttpClient<OrdersClient>(client =>
    {
        client.BaseAddress = upstream.BaseAddress;
        client.DefaultRequestHeaders.Add("X-Upstream", StoreUpstream.Behaviour);
    })
    .AddAdaptiveRetry(options => options.CircuitBreaker.Enabled = true);
foreach (var kind in Enum.GetValues<ClientKind>())
{
    builder.Services.AddOrdersClient(
        kind, LiveLane.NameOf(kind), LiveLane.BehaviourOf(kind), upstream.BaseAddress);
}

builder.Services.AddSingleton<LiveSession>();
builder.Services.AddHealthChecks().AddAdaptiveRetryHealthCheck();
using var export = OpenTelemetryExport.StartIfAsked(builder.Configuration);

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapStoreFront();
app.MapLive();
app.MapHealthChecks("/health");

// A host that others can reach would add RequireAuthorization() here.
app.MapAdaptiveRetryDashboard("/retries");

await app.StartAsync();
Console.WriteLine($"""
    StoreFront is running. Open {app.Urls.First()}
      There: one upstream, three clients, live, with the upstream's knobs.
      /retries   the dashboard that any application can have
      /shop.html a shop that orders from an upstream that {StoreUpstream.Description}
      The comparison of retry clients: dotnet run --project samples/StoreFront -- --demo
      Ctrl+C ends it.
    """);
await app.WaitForShutdownAsync();
return 0;
