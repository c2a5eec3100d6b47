using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace RetryHandler.Tests.Support;

/// <summary>A test that takes too long to be run for each mutant: here it is not run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowAttribute : NUnitAttribute, IApplyToTest
{
    public void ApplyToTest(Test test) => test.RunState = RunState.Explicit;
}
