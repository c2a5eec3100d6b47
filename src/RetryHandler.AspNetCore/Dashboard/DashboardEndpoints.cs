using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>What the endpoints of the page answer. All of them only read.</summary>
internal static class DashboardEndpoints
{
    // Nothing inline, nothing from elsewhere; whoever can inject markup into a client's name gets nothing run.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static readonly byte[] DataPrefix = "data: "u8.ToArray();
    private static readonly byte[] DataEnd = "\n\n"u8.ToArray();

    /// <summary>
    /// Answers with the page; one without the slash at the end goes there, so that its files are found.
    /// </summary>
    public static Task PageAsync(HttpContext context, DashboardAsset page)
    {
        var request = context.Request;
        if (!request.Path.Value!.EndsWith('/'))
        {
            context.Response.Redirect($"{request.PathBase}{request.Path}/");
            return Task.CompletedTask;
        }

        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return page.WriteAsync(context);
    }

    public static Task SnapshotAsync(HttpContext context, IAdaptiveRetryMonitor monitor)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(monitor.GetSnapshot().ToJson(), context.RequestAborted);
    }

    /// <summary>Streams frames as server-sent events until the page is left or the host stops.</summary>
    public static async Task StreamAsync(HttpContext context, DashboardFeed feed)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await foreach (var frame in feed.WatchAsync(end.Token).ConfigureAwait(false))
            {
                await response.Body.WriteAsync(DataPrefix, end.Token).ConfigureAwait(false);
                await response.Body.WriteAsync(frame, end.Token).ConfigureAwait(false);
                await response.Body.WriteAsync(DataEnd, end.Token).ConfigureAwait(false);
                await response.Body.FlushAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The page was closed or the host stops: that is how a stream ends.
        }
    }
}
