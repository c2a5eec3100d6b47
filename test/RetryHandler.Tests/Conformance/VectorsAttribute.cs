namespace RetryHandler.Tests.Conformance;

/// <summary>Runs a test once for each vector at or under a key.</summary>
/// <remarks><see cref="VectorCoverageTests"/> takes from it what is run.</remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class VectorsAttribute(string key)
    : TestCaseSourceAttribute(typeof(AwsVectors), nameof(AwsVectors.Under), [key])
{
    public string Key { get; } = key;
}
