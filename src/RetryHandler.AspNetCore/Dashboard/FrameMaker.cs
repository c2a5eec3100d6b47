using System.Text.Json;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Makes frames from snapshots. Not thread-safe: the feed asks it from one place at a time.</summary>
internal sealed class FrameMaker(IAdaptiveRetryMonitor monitor)
{
    /// <summary>The time over which the words speak of "the last attempts".</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    private const int MostPartitions = 20;

    private readonly Dictionary<string, (RecentWindow Window, long LastEvent)> _clients = new(StringComparer.Ordinal);

    /// <summary>Makes the next frame as UTF-8 JSON.</summary>
    /// <param name="complete">Whether it holds all events at hand, for a page that has just been opened.</param>
    public byte[] Next(bool complete)
    {
        var snapshot = monitor.GetSnapshot();
        var clients = snapshot.Clients.Select(client => Take(client, snapshot.At, complete)).ToList();
        return JsonSerializer.SerializeToUtf8Bytes(
            new DashboardFrame(snapshot.At, clients), DashboardJsonContext.Default.DashboardFrame);
    }

    private DashboardClient Take(ClientSnapshot client, DateTimeOffset at, bool complete)
    {
        if (!_clients.TryGetValue(client.Name, out var known))
        {
            known = (new RecentWindow(Recent), 0);
        }

        var recent = known.Window.Advance(at, client.Totals);
        var events = client.RecentEvents.Where(happened => complete || happened.Number > known.LastEvent).ToList();
        var last = client.RecentEvents.Count == 0 ? 0 : client.RecentEvents[^1].Number;

        // A complete frame goes to one page: the others have still to hear of its events.
        _clients[client.Name] = known with { LastEvent = complete ? known.LastEvent : last };
        return new DashboardClient(Advisor.For(client, recent, at), client with
        {
            RecentEvents = events,
            Partitions = client.PartitionCount > 1 ? [.. client.Partitions.Take(MostPartitions)] : [],
        });
    }
}
