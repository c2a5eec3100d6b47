using System.Diagnostics;

namespace RetryHandler.Dashboard.Tests;

/// <summary>The sample as a visitor starts it, in a process of its own, on a free port.</summary>
internal sealed class StoreFrontProcess : IAsyncDisposable
{
    private const string Greeting = "Open ";

    private readonly Process _process;

    private StoreFrontProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<StoreFrontProcess> StartAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "StoreFront.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.IndexOf(Greeting, StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new StoreFrontProcess(process, new Uri(line[(at + Greeting.Length)..]));
            }
        }

        throw new InvalidOperationException("StoreFront ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
