namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>One client as the page shows it.</summary>
/// <param name="Advice">Its state in words.</param>
/// <param name="Snapshot">Its figures; of the events only those that the page has not seen.</param>
internal sealed record DashboardClient(Advice Advice, ClientSnapshot Snapshot);
