using System.Reflection;
using System.Runtime.CompilerServices;

namespace RetryHandler.Tests.Conventions;

/// <summary>Nothing of the library can be derived from by accident.</summary>
public sealed class TypeShapeTests
{
    private static readonly Assembly Library = typeof(AdaptiveRetryHandler).Assembly;

    [Test]
    public void ExportedTypes_All_AreSealed()
    {
        Assert.That(Library.GetExportedTypes(), Is.Not.Empty);
        Assert.That(Library.GetExportedTypes().Where(static type => !IsClosed(type)), Is.Empty);
    }

    [Test]
    public void InternalTypes_All_AreSealed()
    {
        var open = Library.GetTypes().Where(static type =>
            !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsClosed(type));

        Assert.That(open, Is.Empty);
    }

    /// <summary>Users find the types where the design says, and nowhere else.</summary>
    [Test]
    public void ExportedTypes_Namespaces_AreThoseOfTheDesign() => Assert.That(
        Library.GetExportedTypes().Select(static type => type.Namespace).Distinct(),
        Is.EquivalentTo(new[]
        {
            "RetryHandler", "Polly", "System.Net.Http", "Microsoft.Extensions.DependencyInjection",
            "Microsoft.Extensions.Configuration",
        }));

    /// <summary>A public extension class in somebody else's namespace must not look like one of theirs.</summary>
    [Test]
    public void ExportedTypes_InForeignNamespaces_AreExtensionClasses()
    {
        var foreign = Library.GetExportedTypes().Where(static type => type.Namespace != "RetryHandler").ToList();

        Assert.That(foreign, Is.Not.Empty);
        Assert.That(foreign, Has.All.Matches<Type>(static type => type.IsAbstract && type.IsSealed));
        Assert.That(foreign.Select(static type => type.Name), Has.All.StartsWith("AdaptiveRetry"));
        Assert.That(foreign.Select(static type => type.Name), Has.All.EndsWith("Extensions"));
    }

    [TestCase(typeof(string), true)]
    [TestCase(typeof(Math), true)]
    [TestCase(typeof(IDisposable), true)]
    [TestCase(typeof(TimeSpan), true)]
    [TestCase(typeof(DayOfWeek), true)]
    [TestCase(typeof(Exception), false)]
    [TestCase(typeof(Stream), false)]
    public void IsClosed_Type_TellsTheDifference(Type type, bool expected) =>
        Assert.That(IsClosed(type), Is.EqualTo(expected));

    // Static classes are abstract and sealed.
    private static bool IsClosed(Type type) => type.IsInterface || type.IsValueType || type.IsSealed;
}
