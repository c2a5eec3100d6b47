using System.IO.Compression;
using System.Xml.Linq;

namespace RetryHandler.Package.Tests;

/// <summary>One of the packed files, as it would be uploaded.</summary>
internal sealed class PackageFile(string id, string extension) : IDisposable
{
    private readonly ZipArchive _archive = ZipFile.OpenRead(
        Path.Combine(PackedLibraries.Packages, $"{id}.{PackedLibraries.Version}.{extension}"));

    public IEnumerable<string> Entries => _archive.Entries.Select(static entry => entry.FullName);

    public byte[] Read(string name)
    {
        using var stream = (_archive.GetEntry(name) ?? throw new FileNotFoundException(name)).Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public string ReadText(string name) => System.Text.Encoding.UTF8.GetString(Read(name)).TrimStart('\uFEFF');

    /// <summary>Reads an element below <c>metadata</c> in the package's description.</summary>
    public XElement? Metadata(string name)
    {
        var root = XDocument.Parse(ReadText($"{id}.nuspec")).Root!;
        return root.Element(root.Name.Namespace + "metadata")?.Element(root.Name.Namespace + name);
    }

    public void Dispose() => _archive.Dispose();
}
