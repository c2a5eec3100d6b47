namespace RetryHandler.Package.Tests;

/// <summary>A project outside this repository that gets the packages from a folder.</summary>
/// <param name="folder">Where it is.</param>
internal sealed class Consumer(string folder)
{
    /// <summary>Copies a project out of the repository, and says where its packages are to be found.</summary>
    /// <param name="name">The folder below <c>Consumers</c>.</param>
    public static async Task<Consumer> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(PackedLibraries.Folder, $"{name}-{Guid.NewGuid():N}"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Consumers", name)))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        // What is published elsewhere was restored for this repository and is taken from there: no network is needed.
        const string label = "global-packages: ";
        var located = await DotnetCommand.RunAsync(
            folder.FullName, cancellationToken, "nuget", "locals", "global-packages", "--list");
        var restored = located[(located.IndexOf(label, StringComparison.Ordinal) + label.Length)..].Trim();
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "nuget.config"), NuGetConfiguration(restored), cancellationToken);
        return new Consumer(folder.FullName);
    }

    public Task WriteProgramAsync(string code, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), code, cancellationToken);

    public Task<string> BuildAsync(CancellationToken cancellationToken) => DotnetCommand.RunAsync(
        folder, cancellationToken, "build", "-c", "Release", $"-p:PackedVersion={PackedLibraries.Version}");

    public async Task<string> RunAsync(string target, CancellationToken cancellationToken) =>
        (await DotnetCommand.RunAsync(
            folder, cancellationToken, Path.Combine(folder, "bin", "Release", target, "Consumer.dll"))).Trim();

    // With a cache of its own, and ours from nowhere but the folder: a package of an earlier build is never used.
    private static string NuGetConfiguration(string restored) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="cache" />
          </config>
          <packageSources>
            <clear />
            <add key="packed" value="{PackedLibraries.Packages}" />
            <add key="restored" value="{restored}" />
          </packageSources>
          <fallbackPackageFolders>
            <clear />
          </fallbackPackageFolders>
          <packageSourceMapping>
            <packageSource key="packed">
              <package pattern="RetryHandler*" />
            </packageSource>
            <packageSource key="restored">
              <package pattern="*" />
            </packageSource>
          </packageSourceMapping>
        </configuration>
        """;
}
