using System.Diagnostics;
using RetryHandler.AspNetCore.Dashboard;

namespace RetryHandler.Dashboard.Tests;

/// <summary>What the dashboard costs with 20 busy clients: processor time of the page and of the server.</summary>
[CancelAfter(180_000)]
public sealed class DashboardCostTests
{
    private const int Clients = 20;
    private const int FramesPerSecond = 2;
    private const double MostOfOneCore = 0.05;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    [Test]
    public async Task Dashboard_20Clients_TakesUnderFivePercentOfOneCore()
    {
        await using var host = await BusyHost.StartAsync(Clients);
        await using var watched = await WatchedPage.OpenAsync(host.Dashboard);
        await watched.Page.Locator(".card").Nth(Clients - 1).WaitForAsync();
        await watched.Page.WaitForTimeoutAsync(5_000);

        var before = ProcessTree.ProcessorTime(watched.Mark);
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(Time);
        var page = (ProcessTree.ProcessorTime(watched.Mark) - before) / Stopwatch.GetElapsedTime(start);
        var server = CostOfFrames(host.Monitor);

        TestContext.Out.WriteLine(
            $"{Clients} clients: the page takes {page:P2} of one core, the server {server:P2} for all its viewers.");
        Assert.That(before, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(page, Is.LessThan(MostOfOneCore));
        Assert.That(server, Is.LessThan(MostOfOneCore));
        Assert.That(watched.Errors, Is.Empty);
    }

    /// <summary>Measures frames one after another; beside busy clients their share could not be told apart.</summary>
    private static double CostOfFrames(IAdaptiveRetryMonitor monitor)
    {
        const int Frames = 200;
        var frames = new FrameMaker(monitor);
        frames.Next(complete: true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Frames; i++)
        {
            frames.Next(complete: false);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / Frames * FramesPerSecond;
    }
}
