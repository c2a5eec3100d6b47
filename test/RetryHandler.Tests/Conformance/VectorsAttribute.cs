namespace RetryHandler.Tests.Conformance;

/// <summary>Runs a test once for each vector at or under a key. <see cref="VectorCoverageTests"/> reads it too.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class VectorsAttribute(string key)
    : TestCaseSourceAttribute(typeof(AwsVectors), nameof(AwsVectors.Under), [key])
{
    public string Key { get; } = key;
}
