using Microsoft.AspNetCore.Http;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>A file of the page, embedded in the assembly.</summary>
internal sealed class DashboardAsset
{
    private readonly byte[] _bytes;
    private readonly string _contentType;

    private DashboardAsset(byte[] bytes, string contentType)
    {
        _bytes = bytes;
        _contentType = contentType;
    }

    public static DashboardAsset Load(string name)
    {
        using var stream = typeof(DashboardAsset).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing in the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new DashboardAsset(bytes.ToArray(), ContentTypeOf(name));
    }

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = _contentType;
        response.ContentLength = _bytes.Length;
        response.Headers.CacheControl = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.Body.WriteAsync(_bytes, context.RequestAborted).AsTask();
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        var other => throw new InvalidOperationException($"No content type is known for {other}."),
    };
}
