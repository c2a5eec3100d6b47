using System.Globalization;
using Microsoft.Playwright;

namespace RetryHandler.Dashboard.Tests;

/// <summary>A page in a browser of its own, with everything collected that went wrong on it.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private WatchedPage(IPlaywright playwright, IBrowser browser, IPage page, string mark)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
        Mark = mark;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Errors.Add(error);
        page.RequestFailed += (_, request) => Errors.Add($"{request.Url}: {request.Failure}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                Errors.Add($"{response.Url}: {response.Status}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Gets what the browser's command line holds, and that of no other.</summary>
    public string Mark { get; }

    public List<string> Errors { get; } = [];

    public static async Task<WatchedPage> OpenAsync(
        Uri address, int width = 1440, ColorScheme theme = ColorScheme.Light)
    {
        var playwright = await Playwright.CreateAsync();
        var mark = $"--watched-page={Guid.NewGuid():N}";
        var browser = await Chromium.LaunchAsync(playwright, mark);
        var page = await browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = width, Height = width < 600 ? 780 : 900 },
            ColorScheme = theme,
            Locale = "en-GB",
        });
        var watched = new WatchedPage(playwright, browser, page, mark);
        await page.GotoAsync(address.ToString());
        return watched;
    }

    /// <summary>Reads a figure that the page shows.</summary>
    public async Task<double> FigureAsync(string selector)
    {
        var text = await Page.Locator(selector).First.InnerTextAsync();
        return double.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? value
            : double.NaN;
    }

    /// <summary>Gets a plot's pixels, to see whether they change.</summary>
    public Task<string> PixelsAsync(string selector) =>
        Page.Locator(selector).First.EvaluateAsync<string>("canvas => canvas.toDataURL()");

    /// <summary>Keeps a screenshot of the whole page beside the test results.</summary>
    /// <remarks>
    /// The page runs for some seconds before; for those in the README for more:
    /// <c>SCREENSHOT_SECONDS=40 dotnet test test/RetryHandler.Dashboard.Tests --filter Name~WidthAndTheme</c>.
    /// </remarks>
    public async Task<string> ScreenshotAsync(string name)
    {
        var seconds = Environment.GetEnvironmentVariable("SCREENSHOT_SECONDS") ?? "5";
        await Page.WaitForTimeoutAsync(float.Parse(seconds, CultureInfo.InvariantCulture) * 1000);
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots", $"{name}.png");

        // Plots out of sight are not drawn: the window becomes as high as the page.
        var height = await Page.EvaluateAsync<int>("document.documentElement.scrollHeight");
        await Page.SetViewportSizeAsync(Page.ViewportSize!.Width, height);
        await Page.WaitForTimeoutAsync(1_000);
        await Page.ScreenshotAsync(new() { Path = path });
        TestContext.AddTestAttachment(path);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
