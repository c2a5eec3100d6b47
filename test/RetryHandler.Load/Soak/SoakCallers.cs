using System.Net.Http.Json;

namespace RetryHandler.Load.Soak;

/// <summary>The callers of one client: each makes one call after the other, with a short pause between them.</summary>
internal sealed class SoakCallers(IHttpClientFactory factory, SoakClient client, SoakTally tally)
{
    private const int LongestPause = 100;

    // Longer than any pause of the upstream's; a call that hangs is seen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">A call hung.</exception>
    public Task RunAsync(int callers, CancellationToken isOver) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallerAsync(isOver), CancellationToken.None)));

    /// <summary>Makes one call.</summary>
    /// <returns>Whether it succeeded.</returns>
    public async Task<bool> CallAsync()
    {
        // A new client each time, so that handlers are used that the factory has just made anew.
        using var http = factory.CreateClient(client.Name);
        using var request = Request();
        using var leaving = new CancellationTokenSource();
        if (Random.Shared.NextDouble() < client.LeavingShare)
        {
            leaving.CancelAfter(Random.Shared.Next(40));
        }

        tally.Start();
        var succeeded = false;
        try
        {
            using var response = await http.SendAsync(request, leaving.Token).WaitAsync(Patience, CancellationToken.None);
            succeeded = response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Refused by the limiter, cut off, timed out or left: all are counted, and compared at the end.
        }

        tally.End(succeeded);
        return succeeded;
    }

    private async Task CallerAsync(CancellationToken isOver)
    {
        while (!isOver.IsCancellationRequested)
        {
            await CallAsync();
            await Task.Delay(Random.Shared.Next(LongestPause), CancellationToken.None);
        }
    }

    private HttpRequestMessage Request()
    {
        var hasContent = Random.Shared.Next(4) == 0;
        var request = new HttpRequestMessage(hasContent ? HttpMethod.Put : HttpMethod.Get, client.Path)
        {
            Content = hasContent ? JsonContent.Create(new { Quantity = 1 }) : null,
        };
        if (client.Tenants > 0)
        {
            request.SetAdaptiveRetryPartition($"tenant-{Random.Shared.Next(client.Tenants)}");
        }

        return request;
    }
}
