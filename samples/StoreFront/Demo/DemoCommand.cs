using System.Runtime.InteropServices;
using FlakyUpstream;
using StoreFront.Orders;

namespace StoreFront.Demo;

/// <summary>The entry of <c>--demo</c>: arguments, Ctrl+C, upstream and clients.</summary>
internal static class DemoCommand
{
    /// <returns>0 when the adaptive client, if it ran, completed every call; else 1; 2 for bad arguments.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        DemoOptions options;
        try
        {
            options = DemoOptions.Parse(args);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n{DemoOptions.Usage}");
            return 2;
        }

        using var cancelled = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // Ends the runs early; the tables of what was done still come.
            signal.Cancel = true;
            cancelled.Cancel();
        });

        await using var upstream = await FlakyUpstreamHost.StartAsync();
        await using var services = BuildServices(upstream.BaseAddress);
        await WarmUpAsync(upstream.BaseAddress);

        var session = new DemoSession(options, upstream, services.GetRequiredService<IHttpClientFactory>(), output);
        return await session.RunAsync(cancelled.Token) ? 0 : 1;
    }

    private static ServiceProvider BuildServices(Uri address)
    {
        var services = new ServiceCollection();
        foreach (var upstream in DemoUpstream.All)
        {
            services.AddDemoClients(upstream, address);
        }

        return services.BuildServiceProvider();
    }

    // The first call of a process compiles half of HttpClient and Kestrel; no client should be charged for that.
    private static async Task WarmUpAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        await new OrdersClient(http).GetOrderAsync(id: 1);
    }
}
