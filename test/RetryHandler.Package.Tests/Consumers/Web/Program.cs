// Asks itself, through a client with retries, how it is and for the first line of its dashboard.
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.ClearProviders();
builder.Services.AddHttpClient("self").AddAdaptiveRetry();
builder.Services.AddHealthChecks().AddAdaptiveRetryHealthCheck();

await using var app = builder.Build();
app.MapAdaptiveRetryDashboard("/retries");
app.MapHealthChecks("/health");
await app.StartAsync();

var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("self");
var address = new Uri(app.Urls.Single());
var health = await http.GetStringAsync(new Uri(address, "/health"));
var page = await http.GetStringAsync(new Uri(address, "/retries"));
Console.WriteLine($"{health}, {page.Split('\n')[0].Trim().ToLowerInvariant()}");
