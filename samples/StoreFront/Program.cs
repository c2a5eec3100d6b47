using FlakyUpstream;
using StoreFront;
using StoreFront.Demo;
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
    .AddAdaptiveRetry();

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapStoreFront();

await app.StartAsync();
Console.WriteLine($"""
    StoreFront is running. Open {app.Urls.First()}
      It orders from an upstream that {StoreUpstream.Description}.
      The comparison of retry clients: dotnet run --project samples/StoreFront -- --demo
      Ctrl+C ends it.
    """);
await app.WaitForShutdownAsync();
return 0;
