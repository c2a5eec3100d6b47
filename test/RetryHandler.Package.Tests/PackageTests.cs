using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace RetryHandler.Package.Tests;

/// <summary>What is in the packages.</summary>
[TestFixture("RetryHandler")]
[TestFixture("RetryHandler.AspNetCore")]
internal sealed class PackageTests(string id)
{
    private static readonly string[] Targets = ["net8.0", "net10.0"];

    [Test]
    public void Pack_Library_GivesNoWarning()
    {
        Assert.That(PackedLibraries.Output, Does.Not.Contain("warning"));
        Assert.That(PackedLibraries.Output, Does.Contain($"{id}.{PackedLibraries.Version}.nupkg"));
    }

    [Test]
    public void Package_Description_SaysWhatItIs()
    {
        using var package = new PackageFile(id, "nupkg");

        Assert.That(package.Metadata("license")?.Value, Is.EqualTo("MIT"));
        Assert.That(package.Metadata("license")?.Attribute("type")?.Value, Is.EqualTo("expression"));
        Assert.That(package.Metadata("readme")?.Value, Is.EqualTo("README.md"));
        Assert.That(package.Metadata("description")?.Value, Has.Length.GreaterThan(50));
        Assert.That(package.Metadata("tags")?.Value.Split(' '), Does.Contain("httpclient"));
        Assert.That(
            package.ReadText("README.md"),
            Is.EqualTo(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"))));
    }

    [TestCaseSource(nameof(Targets))]
    public void Package_Target_HasAssemblyDocumentationAndSymbols(string target)
    {
        using var package = new PackageFile(id, "nupkg");
        using var symbols = new PackageFile(id, "snupkg");

        Assert.That(package.Entries, Does.Contain($"lib/{target}/{id}.dll"));
        Assert.That(symbols.Entries, Does.Contain($"lib/{target}/{id}.pdb"));
        var documentation = XDocument.Parse(package.ReadText($"lib/{target}/{id}.xml"));
        Assert.That(documentation.Descendants("member").Count(), Is.GreaterThan(2));
    }

    /// <summary>The same sources give the same bytes, wherever they are built.</summary>
    [TestCaseSource(nameof(Targets))]
    public void Package_Assembly_IsDeterministic(string target)
    {
        using var package = new PackageFile(id, "nupkg");
        using var symbols = new PackageFile(id, "snupkg");
        using var assembly = new PEReader(new MemoryStream(package.Read($"lib/{target}/{id}.dll")));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(
            new MemoryStream(symbols.Read($"lib/{target}/{id}.pdb")));
        var reader = provider.GetMetadataReader();
        // Generated sources stand in the build's folder, which these tests put elsewhere.
        var sources = reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))
            .Where(static name => !name.StartsWith(PackedLibraries.Folder, StringComparison.Ordinal));

        Assert.That(
            assembly.ReadDebugDirectory().Select(static entry => entry.Type),
            Does.Contain(DebugDirectoryEntryType.Reproducible));
        Assert.That(sources, Is.Not.Empty.And.All.StartWith("/_/"));
    }

    /// <summary>Users get no package from us that only our build needs.</summary>
    [Test]
    public void Package_Dependencies_AreThoseOfTheLibraryAlone()
    {
        using var package = new PackageFile(id, "nupkg");
        var names = package.Metadata("dependencies")!.Descendants()
            .Select(static element => element.Attribute("id")?.Value).OfType<string>().Distinct();

        Assert.That(
            names,
            Is.SubsetOf(new[]
            {
                "RetryHandler", "Microsoft.Extensions.Http", "Microsoft.Extensions.DependencyInjection", "Polly.Core",
            }));
    }
}
