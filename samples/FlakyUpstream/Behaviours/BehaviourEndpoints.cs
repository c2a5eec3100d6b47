namespace FlakyUpstream.Behaviours;

internal static class BehaviourEndpoints
{
    // Orders are called by clients that build their own addresses, so the limit in front of them is a header.
    private const string HeaderName = "X-Upstream";
    private const string Unlimited = "unlimited";

    public static void MapBehaviours(this WebApplication app)
    {
        app.MapGet("/stats", (string? key, BehaviourRegistry registry) => registry.Stats(key ?? ""));
        app.MapPut("/control/{key}", TuneAsync);
        app.Map("/{limit}", (string limit, HttpContext context, BehaviourRegistry registry) =>
            RunAsync(limit + context.Request.QueryString, context, registry, () => Results.Json(new { ok = true })));
    }

    /// <summary>Puts the limit named by the request's header, if any, in front of <paramref name="work"/>.</summary>
    public static Task<IResult> RunLimitedAsync(HttpContext context, BehaviourRegistry registry, Func<IResult> work)
    {
        var header = context.Request.Headers[HeaderName].ToString();
        return RunAsync(header.Length > 0 ? header : Unlimited, context, registry, work);
    }

    /// <summary>Changes, while it is in use, what the behaviour <c>tuned?key=...</c> stands for.</summary>
    private static async Task<IResult> TuneAsync(string key, HttpRequest request, BehaviourRegistry registry)
    {
        using var reader = new StreamReader(request.Body);
        try
        {
            registry.Tune(key, await reader.ReadToEndAsync());
            return Results.NoContent();
        }
        catch (FormatException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> RunAsync(
        string text, HttpContext context, BehaviourRegistry registry, Func<IResult> work)
    {
        Behaviour behaviour;
        try
        {
            behaviour = registry.Get(text);
        }
        catch (FormatException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        return await behaviour.RunAsync(context, work);
    }
}
