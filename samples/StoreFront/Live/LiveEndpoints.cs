using System.Text.Json;

namespace StoreFront.Live;

/// <summary>What the comparison page calls.</summary>
internal static class LiveEndpoints
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);

    public static void MapLive(this WebApplication app)
    {
        app.MapGet("/api/live", StreamAsync);
        app.MapPut("/api/live/knobs", (LiveKnobs knobs, LiveSession session) =>
        {
            if (knobs.Problem() is { } problem)
            {
                return Results.Problem($"{problem}.", statusCode: StatusCodes.Status400BadRequest);
            }

            session.Turn(knobs);
            return Results.NoContent();
        });
    }

    private static async Task StreamAsync(
        HttpContext context, LiveSession session, IHostApplicationLifetime lifetime)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        using var timer = new PeriodicTimer(Period);
        session.Enter();
        try
        {
            do
            {
                var frame = JsonSerializer.Serialize(session.Read(), JsonSerializerOptions.Web);
                await context.Response.WriteAsync($"data: {frame}\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
            while (await timer.WaitForNextTickAsync(end.Token));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page was closed or the host stops: that is how a stream ends.
        }
        finally
        {
            session.Leave();
        }
    }
}
