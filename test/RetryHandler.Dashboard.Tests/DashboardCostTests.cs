using System.Diagnostics;
using Microsoft.Playwright;
using RetryHandler.AspNetCore.Dashboard;

namespace RetryHandler.Dashboard.Tests;

/// <summary>What the dashboard costs with 20 busy clients.</summary>
/// <remarks>
/// What is tested is counted: how often the browser lays the page out. The processor time of the page and of the
/// server is told beside it, and no more: it depends on the machine and on what else runs there.
/// </remarks>
[CancelAfter(180_000)]
public sealed class DashboardCostTests
{
    private const int Clients = 20;
    private const int FramesPerSecond = 2;

    // So many clients are drawn with every second frame.
    private const int DrawnPerSecond = FramesPerSecond / 2;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    [Test]
    public async Task Dashboard_20Clients_IsLaidOutOnceForEachDrawnFrame()
    {
        await using var host = await BusyHost.StartAsync(Clients);
        await using var watched = await WatchedPage.OpenAsync(host.Dashboard);
        await watched.Page.Locator(".card").Nth(Clients - 1).WaitForAsync();
        var session = await watched.Page.Context.NewCDPSessionAsync(watched.Page);
        await session.SendAsync("Performance.enable");
        await watched.Page.WaitForTimeoutAsync(5_000);

        var layouts = await LayoutsAsync(session);
        var before = ProcessTree.ProcessorTime(watched.Mark);
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(Time);
        layouts = await LayoutsAsync(session) - layouts;
        var elapsed = Stopwatch.GetElapsedTime(start);
        var page = (ProcessTree.ProcessorTime(watched.Mark) - before) / elapsed;

        TestContext.Out.WriteLine(
            $"{Clients} clients: the page takes {page:P2} of one core, "
            + $"the server {CostOfFrames(host.Monitor):P2} for all its viewers; {layouts} layouts.");
        Assert.That(layouts, Is.GreaterThan(0).And.LessThanOrEqualTo((elapsed.TotalSeconds + 3) * DrawnPerSecond));
        Assert.That(watched.Errors, Is.Empty);
    }

    private static async Task<double> LayoutsAsync(ICDPSession session)
    {
        var answer = await session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .Single(static metric => metric.GetProperty("name").GetString() == "LayoutCount")
            .GetProperty("value").GetDouble();
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
