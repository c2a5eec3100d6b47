using System.Diagnostics;
using Microsoft.Playwright;

namespace RetryHandler.Dashboard.Tests;

/// <summary>Debian's Chromium: found, or installed by its package manager, or missing with a reason.</summary>
/// <remarks>Playwright's own download of a browser is not used: build machines often can't reach it.</remarks>
internal static class Chromium
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly Lazy<Task<string?>> Path = new(FindOrInstallAsync);

    private static string Log { get; set; } = "";

    /// <summary>Starts the browser, with a mark on its command line by which it is known.</summary>
    /// <remarks>Without one the test is skipped, except in CI (<c>CI=true</c>), where it fails.</remarks>
    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright, string mark)
    {
        if (await Path.Value is not { } path)
        {
            var message = $"Chromium is missing and could not be installed by apt-get. {Log}";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(message);
            }

            Assert.Ignore(message);
            throw new InvalidOperationException(message);
        }

        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", mark],
        });
    }

    private static async Task<string?> FindOrInstallAsync()
    {
        if (Find() is { } found)
        {
            return found;
        }

        if (!OperatingSystem.IsLinux())
        {
            Log = "Only Debian's and its relatives' is installed; install Chromium by hand.";
            return null;
        }

        Log = await InstallAsync("update")
            + await InstallAsync("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core");
        return Find();
    }

    private static string? Find() => Places.FirstOrDefault(File.Exists);

    /// <summary>Runs the package manager, as root where no password is asked for.</summary>
    private static Task<string> InstallAsync(params string[] arguments) => Environment.UserName == "root"
        ? RunAsync("apt-get", arguments)
        : RunAsync("sudo", ["-n", "apt-get", .. arguments]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            await output;
            return process.ExitCode == 0 ? "" : $"{program}: {await error}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }
}
