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
        foreach (var type in typeof(RetryHandler.AdaptiveRetryOptions).Assembly.GetTypes())
        {
            if (type.Namespace == $"RetryHandler.{Room}" && !type.ContainsGenericParameters)
            {
                type.TypeInitializer?.Invoke(obj: null, parameters: null);
            }
        }
    }
}
