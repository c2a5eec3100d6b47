using Microsoft.Playwright;

namespace RetryHandler.Dashboard.Tests;

/// <summary>The dashboard that any application can have, in a real browser over scripted upstreams.</summary>
[CancelAfter(180_000)]
public sealed class DashboardTests
{
    [Test]
    public async Task Dashboard_ThrottledAmongHealthyClients_TellsWhichSinceWhenByWhatToWhatAndWhatHelps()
    {
        await using var shop = await BusyHost.StartAsync(3);
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard);
        var slowed = watched.Page.Locator(".card", new() { HasText = "client-00" });
        await slowed.Locator(".pill", new() { HasText = "slowed" }).WaitForAsync(new() { Timeout = 20_000 });

        var summary = await slowed.Locator(".summary").InnerTextAsync();
        var help = await slowed.Locator(".help").InnerTextAsync();
        var overall = await watched.Page.Locator("#overall").InnerTextAsync();

        Assert.That(overall, Does.Contain("1 slowed: client-00"));
        Assert.That(summary, Does.Match(@"^Slowed since \d\d:\d\d:\d\d UTC by rule status-429 to [\d.]+(/s|[a-z ]+[\d.]+ s)\."));
        Assert.That(help, Does.StartWith("What would help:"));
        Assert.That(
            await watched.Page.Locator(".card", new() { HasText = "client-01" }).Locator(".pill").InnerTextAsync(),
            Is.EqualTo("not slowed"));
        Assert.That(watched.Errors, Is.Empty);
    }

    /// <summary>The settings slow it, not the upstream: that is another thing to do about it.</summary>
    [Test]
    public async Task Dashboard_InitialRate_IsToldFromTheFirstAttemptOn()
    {
        await using var shop = await BusyHost.StartAsync(1, configure: static options =>
        {
            options.SendRate.InitialRate = 3;
            options.SendRate.MaxRate = 3;
        });
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard);
        var card = watched.Page.Locator(".card");
        await card.Locator(".pill", new() { HasText = "slowed" }).WaitForAsync(new() { Timeout = 20_000 });
        await card.Locator(".summary", new() { HasText = "callers wait" }).WaitForAsync(new() { Timeout = 20_000 });

        Assert.That(
            await card.Locator(".summary").InnerTextAsync(),
            Does.Match(@"^Slowed since [\d:]+ UTC by rule initial-rate to 3/s\."));
        Assert.That(await card.Locator(".help").InnerTextAsync(), Does.Contain("SendRate.InitialRate"));
        Assert.That(await card.Locator("[data-value=bound]").InnerTextAsync(), Is.EqualTo("3/s"));
        Assert.That(await card.Locator(".facts").InnerTextAsync(), Does.Contain("a rate"));
        Assert.That(watched.Errors, Is.Empty);
    }

    [Test]
    public async Task Dashboard_OpenCircuit_IsTold()
    {
        await using var shop = await BusyHost.StartAsync(4, configure: static options =>
        {
            options.CircuitBreaker.Enabled = true;
            options.CircuitBreaker.FailureRatio = 0.2;
            options.CircuitBreaker.MinimumThroughput = 10;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromMinutes(1);
        });
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard);
        var failing = watched.Page.Locator(".card", new() { HasText = "client-03" });

        await failing.Locator(".pill", new() { HasText = "circuit open" }).WaitForAsync(new() { Timeout = 20_000 });

        Assert.That(await failing.Locator(".summary").InnerTextAsync(), Does.StartWith("The circuit breaker is open"));
        Assert.That(await failing.Locator("[data-value=circuit]").InnerTextAsync(), Is.EqualTo("open"));
        Assert.That(watched.Errors, Is.Empty);
    }

    [Test]
    public async Task Dashboard_Keyboard_FiltersPausesAndOpensTheEvents()
    {
        await using var shop = await BusyHost.StartAsync(3);
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard);
        var page = watched.Page;
        await page.Locator(".card[data-level=slowed]").WaitForAsync(new() { Timeout = 20_000 });

        await page.Keyboard.PressAsync("Tab");
        Assert.That(
            await page.EvaluateAsync<string>("document.activeElement.textContent"), Is.EqualTo("To the clients"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.WaitForTimeoutAsync(700);
        Assert.That(await page.Locator(".card:visible").CountAsync(), Is.EqualTo(1));

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        var before = await watched.PixelsAsync(".card:visible canvas");
        await page.WaitForTimeoutAsync(1_500);
        Assert.That(await watched.PixelsAsync(".card:visible canvas"), Is.EqualTo(before));
        await page.Keyboard.PressAsync("Enter");

        await page.Locator(".card:visible .events summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".card:visible .events li").First.WaitForAsync();
        Assert.That(
            await page.Locator(".card:visible .events li").AllInnerTextsAsync(),
            Has.Some.Contains("429, status-429"));
        Assert.That(watched.Errors, Is.Empty);
    }

    [Test]
    public async Task Dashboard_PausedAndResumed_HasMissedNoEvent()
    {
        await using var shop = await BusyHost.StartAsync(1);
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard);
        await watched.Page.Locator(".card[data-level=slowed]").WaitForAsync(new() { Timeout = 20_000 });
        var pause = watched.Page.Locator("#pause");
        await pause.ClickAsync();

        var before = LastEvent();
        while (LastEvent() <= before)
        {
            await watched.Page.WaitForTimeoutAsync(100);
        }

        var missed = LastEvent();
        await watched.Page.WaitForTimeoutAsync(1_200);
        await pause.ClickAsync();
        await watched.Page.WaitForTimeoutAsync(1_200);

        Assert.That(
            await watched.Page.EvaluateAsync<long[]>("document.querySelector('.card').card.events.map(e => e.number)"),
            Does.Contain(missed));

        long LastEvent() => shop.Monitor.GetSnapshot().Clients[0].RecentEvents[^1].Number;
    }

    /// <summary>A name is chosen by code, but may come from a tenant: it stays text.</summary>
    [Test]
    public async Task Dashboard_NameWithMarkup_StaysText()
    {
        await using var shop = await BusyHost.StartAsync(1, "<img src=x onerror=alert(1)>");
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard);

        var heading = watched.Page.Locator(".card h2");
        await heading.WaitForAsync();

        Assert.That(await heading.InnerTextAsync(), Does.Contain("<img src=x onerror=alert(1)>"));
        Assert.That(await watched.Page.Locator("img").CountAsync(), Is.Zero);
        Assert.That(watched.Errors, Is.Empty);
    }

    [TestCase(360, ColorScheme.Light)]
    [TestCase(360, ColorScheme.Dark)]
    [TestCase(1440, ColorScheme.Light)]
    [TestCase(1440, ColorScheme.Dark)]
    public async Task Dashboard_WidthAndTheme_FitsAndIsKept(int width, ColorScheme theme)
    {
        await using var shop = await BusyHost.StartAsync(5);
        await using var watched = await WatchedPage.OpenAsync(shop.Dashboard, width, theme);
        await watched.Page.Locator(".card .facts dd").First.WaitForAsync();

        await watched.ScreenshotAsync($"dashboard-{width}-{theme}".ToLowerInvariant());

        Assert.That(
            await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width));
        Assert.That(watched.Errors, Is.Empty);
    }
}
