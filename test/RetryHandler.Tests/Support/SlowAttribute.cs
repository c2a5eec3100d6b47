namespace RetryHandler.Tests.Support;

/// <summary>A test that takes too long to be run for each mutant (test/mutation).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowAttribute : CategoryAttribute;
