using System.Reflection;

// No namespace: it is for all tests.

/// <summary>
/// Initialises the static fields of the mutated room anew for each run: the runner keeps its process over many mutants,
/// and what was initialised under one of them would hide the next ones.
/// </summary>
[SetUpFixture]
public sealed class StaticState
{
    private static readonly string Room = typeof(StaticState).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "MutatedRoom").Value!;

    [OneTimeSetUp]
    public void Renew()
    {
        var initializers = typeof(RetryHandler.AdaptiveRetryOptions).Assembly.GetTypes()
            .Where(static type => type.Namespace == $"RetryHandler.{Room}" && !type.ContainsGenericParameters)
            .Select(static type => type.TypeInitializer)
            .OfType<ConstructorInfo>()
            .ToList();

        // Twice: some fields are computed from those of types that come later.
        for (var time = 0; time < 2; time++)
        {
            initializers.ForEach(Run);
        }
    }

    /// <summary>Calls the code itself: reflection runs an initializer that has run no second time.</summary>
    private static unsafe void Run(ConstructorInfo initializer) =>
        ((delegate*<void>)initializer.MethodHandle.GetFunctionPointer())();
}
