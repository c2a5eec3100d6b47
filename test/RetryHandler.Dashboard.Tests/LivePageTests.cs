using System.Diagnostics;
using Microsoft.Playwright;

namespace RetryHandler.Dashboard.Tests;

/// <summary>The sample's comparison page, in a real browser against the real sample.</summary>
[CancelAfter(180_000)]
public sealed class LivePageTests
{
    private const string Adaptive = "[data-lane=Adaptive]";

    private StoreFrontProcess _store = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _store = await StoreFrontProcess.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _store.DisposeAsync();

    [Test]
    public async Task Page_Opened_ShowsThreeClientsAndMovesWithoutErrors()
    {
        await using var watched = await WatchedPage.OpenAsync(_store.Address);
        await watched.Page.Locator("[data-lane] .facts dd").First.WaitForAsync();
        await watched.Page.WaitForTimeoutAsync(2_000);

        var before = await watched.PixelsAsync($"{Adaptive} canvas");
        await watched.Page.WaitForTimeoutAsync(2_000);
        var after = await watched.PixelsAsync($"{Adaptive} canvas");

        Assert.That(await watched.Page.Locator("[data-lane]").CountAsync(), Is.EqualTo(3));
        Assert.That(after, Is.Not.EqualTo(before));
        Assert.That(watched.Errors, Is.Empty);
    }

    /// <summary>Waiting callers, quota, circuit and last events stand on the same page as the knobs.</summary>
    [Test]
    public async Task Page_Inside_ShowsWhatTheAdaptiveClientKnows()
    {
        await using var watched = await WatchedPage.OpenAsync(_store.Address);
        await WaitUntilAsync(watched, "#inside [data-value=accepted]", static rate => rate > 5, 30);
        var plots = new[] { "rates", "waits", "quotas" }.Select(static name => $"#inside canvas.{name}").ToList();
        var before = await Task.WhenAll(plots.Select(watched.PixelsAsync));

        await watched.Page.WaitForTimeoutAsync(2_000);
        await watched.Page.Locator("#inside .events summary").ClickAsync();
        await watched.Page.Locator("#inside .events li").First.WaitForAsync(new() { Timeout = 30_000 });

        for (var i = 0; i < plots.Count; i++)
        {
            Assert.That(await watched.PixelsAsync(plots[i]), Is.Not.EqualTo(before[i]), plots[i]);
        }

        Assert.That(await watched.Page.Locator("#inside .facts").InnerTextAsync(), Does.Contain("no breaker"));
        Assert.That(watched.Errors, Is.Empty);
    }

    /// <summary>Turned by the keyboard, as by somebody without a mouse.</summary>
    [Test]
    public async Task Knob_LimitTurnedDown_PlottedRateFollowsWithinTenSeconds()
    {
        await using var watched = await WatchedPage.OpenAsync(_store.Address);
        const string Accepted = "[data-lane='no handler'] [data-value=accepted]";
        await WaitUntilAsync(watched, Accepted, static rate => rate > 35, 20);

        await watched.Page.Locator("[name=limit]").FocusAsync();
        for (var i = 0; i < 7; i++)
        {
            await watched.Page.Keyboard.PressAsync("ArrowLeft");
        }

        var turned = Stopwatch.StartNew();
        await WaitUntilAsync(watched, Accepted, static rate => rate is > 8 and < 25, 10);
        await WaitUntilAsync(watched, $"{Adaptive} [data-value=accepted]", static rate => rate < 25, 10);
        TestContext.Out.WriteLine($"The plotted rates followed after {turned.Elapsed.TotalSeconds:F1} s.");

        Assert.That(turned.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(await watched.FigureAsync($"{Adaptive} [data-value=capacity]"), Is.EqualTo(15));
        Assert.That(watched.Errors, Is.Empty);
        await SetLimitAsync(watched, 50);
    }

    [Test]
    public async Task Knobs_BadValue_IsRefusedWithAReason()
    {
        using var http = new HttpClient { BaseAddress = _store.Address };
        using var body = new StringContent(
            """{"limit":0,"errorShare":0,"latency":20,"hint":"None","callers":40}""",
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

        using var response = await http.PutAsync("api/live/knobs", body);

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("limit must be between 1 and 300"));
    }

    [TestCase(360, ColorScheme.Light)]
    [TestCase(360, ColorScheme.Dark)]
    [TestCase(1440, ColorScheme.Light)]
    [TestCase(1440, ColorScheme.Dark)]
    public async Task Page_WidthAndTheme_FitsAndIsKept(int width, ColorScheme theme)
    {
        await using var watched = await WatchedPage.OpenAsync(_store.Address, width, theme);
        await watched.Page.Locator($"{Adaptive} .facts dd").First.WaitForAsync();

        await watched.ScreenshotAsync($"live-{width}-{theme}".ToLowerInvariant());

        Assert.That(
            await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width));
        Assert.That(watched.Errors, Is.Empty);
    }

    private static async Task SetLimitAsync(WatchedPage watched, int limit)
    {
        var slider = watched.Page.Locator("[name=limit]");
        await watched.Page.RunAndWaitForResponseAsync(
            () => slider.EvaluateAsync(
                "(slider, limit) => { slider.value = limit; "
                    + "slider.dispatchEvent(new Event('input', { bubbles: true })); }",
                limit),
            static response => response.Url.EndsWith("/knobs", StringComparison.Ordinal));
    }

    private static async Task WaitUntilAsync(
        WatchedPage watched, string selector, Func<double, bool> reached, int seconds)
    {
        var limit = Stopwatch.StartNew();
        double figure;
        while (!reached(figure = await FigureOrNothingAsync(watched, selector)))
        {
            Assert.That(
                limit.Elapsed, Is.LessThan(TimeSpan.FromSeconds(seconds)), $"{selector} still shows {figure}");
            await watched.Page.WaitForTimeoutAsync(100);
        }
    }

    private static async Task<double> FigureOrNothingAsync(WatchedPage watched, string selector) =>
        await watched.Page.Locator(selector).CountAsync() == 0 ? double.NaN : await watched.FigureAsync(selector);
}
