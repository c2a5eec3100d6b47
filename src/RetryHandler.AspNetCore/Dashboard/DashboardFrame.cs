namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>What the page is told at one instant.</summary>
/// <param name="At">When.</param>
/// <param name="Clients">All clients.</param>
internal sealed record DashboardFrame(DateTimeOffset At, IReadOnlyList<DashboardClient> Clients);
