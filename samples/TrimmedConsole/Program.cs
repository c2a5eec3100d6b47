using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RetryHandler;
using TrimmedConsole;

// The main job, compiled ahead of time: settings from a configuration, a client of the factory, an upstream that
// throttles and fails, and what came of it. Exits with 1 when a call was lost.
var configuration = new ConfigurationBuilder()
    .AddInMemoryCollection(
    [
        new("AdaptiveRetry:Defaults:MaxAttempts", "10"),
        new("AdaptiveRetry:Clients:orders:Throttled:BaseDelay", "00:00:00.050"),
    ])
    .Build();
var services = new ServiceCollection();
services.AddAdaptiveRetry(configuration);
services.AddHttpClient("orders", http => http.BaseAddress = new Uri("http://upstream.test/"))
    .ConfigurePrimaryHttpMessageHandler(static () => new Upstream());
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
{
    using var response = await client.GetAsync("orders");
    return (response.StatusCode, response.GetAdaptiveRetryInfo().Attempts);
}));
var lost = answers.Count(static answer => answer.StatusCode != HttpStatusCode.OK);
var snapshot = provider.GetRequiredService<IAdaptiveRetryMonitor>().GetSnapshot().Clients.Single();
Console.WriteLine($"50 calls, {answers.Sum(static answer => answer.Attempts)} attempts, {lost} lost.");
Console.WriteLine($"Client '{snapshot.Name}', {snapshot.Quota.Available} tokens left of the retry quota.");

try
{
    configuration["AdaptiveRetry:Defaults:MaxAttempt"] = "3";
    new ServiceCollection().AddAdaptiveRetry(configuration).BuildServiceProvider()
        .GetRequiredService<IHttpClientFactory>().CreateClient("typo");
    return 1;
}
catch (Microsoft.Extensions.Options.OptionsValidationException e)
{
    Console.WriteLine(e.Message);
}

return lost == 0 ? 0 : 1;
