namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>How much a client needs somebody's attention.</summary>
internal enum AdviceLevel
{
    /// <summary>Nothing holds it back.</summary>
    Fine = 0,

    /// <summary>It is slowed, which is what it should do.</summary>
    Slowed,

    /// <summary>Calls fail.</summary>
    Failing,
}
