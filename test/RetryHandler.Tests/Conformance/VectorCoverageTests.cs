using System.Reflection;

namespace RetryHandler.Tests.Conformance;

/// <summary>Nothing in the file can be forgotten: each vector is run by a test or excluded with a reason.</summary>
public sealed class VectorCoverageTests
{
    private static readonly IReadOnlyList<string> KeysUnderTest =
    [
        .. typeof(VectorCoverageTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods())
            .SelectMany(static method => method.GetCustomAttributes<VectorsAttribute>())
            .Select(static attribute => attribute.Key),
    ];

    [Test]
    public void Vectors_All_AreRunOrExcluded()
    {
        var forgotten = AwsVectors.All.Where(
            static vector => ExcludedVectors.ReasonFor(vector) is null && !IsRun(vector));

        Assert.That(forgotten.Select(static vector => vector.Key), Is.Empty);
        var excluded = AwsVectors.All.Count(static vector => ExcludedVectors.ReasonFor(vector) is not null);
        TestContext.Out.WriteLine($"{AwsVectors.All.Count - excluded} vectors run, {excluded} excluded.");
    }

    [Test]
    public void Vectors_Keys_AreUnique() => Assert.That(AwsVectors.All.Select(static vector => vector.Key), Is.Unique);

    [Test]
    public void Vectors_Sections_AreAllThere() => Assert.That(
        AwsVectors.All.Select(static vector => vector.Key.Split('.', '[')[0]).Distinct(),
        Is.EquivalentTo(new[]
        {
            "constants", "cubic", "measured_rate", "limiter_end_to_end", "token_bucket", "backoff", "standard_2_0",
            "standard_2_1", "adaptive_mode_integration", "classification", "error_identification", "retry_after_js",
            "request_headers", "quota_unit",
        }));

    [Test]
    public void ExcludedVectors_All_ExistInTheFile()
    {
        var stale = ExcludedVectors.Reasons.Keys.Where(
            static key => !AwsVectors.All.Any(vector => vector.IsAtOrUnder(key)));

        Assert.That(stale, Is.Empty);
    }

    /// <summary>An entry that says itself that it is no conformance vector must not be run.</summary>
    [Test]
    public void ExcludedVectors_MarkedEntries_AreExcluded()
    {
        var marked = AwsVectors.All.Where(
            static vector => vector.Json.Has("do_not_use_as_conformance")).ToList();

        Assert.That(marked, Is.Not.Empty);
        Assert.That(marked.Select(ExcludedVectors.ReasonFor), Has.None.Null);
    }

    private static bool IsRun(Vector vector) => KeysUnderTest.Any(vector.IsAtOrUnder);
}
