using Microsoft.AspNetCore.Http;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>What becomes of one attempt to place an order.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Executes">Whether the upstream takes the order, whatever it says then.</param>
/// <param name="Refuses">Whether the attempt tells that the order was surely not taken.</param>
/// <param name="MostAttempts">For refusals: after how many attempts the defaults give up.</param>
/// <param name="AnswerAsync">What the upstream says; <see langword="null"/> when the attempt never gets there.</param>
internal sealed record OrderStep(
    string Name, bool Executes, bool Refuses, int MostAttempts, Func<HttpContext, Task>? AnswerAsync)
{
    private const int Transient = 3;
    private const int Throttled = 10;

    public static OrderStep Accept { get; } = new("accepted", true, false, 0, Status(201));

    /// <summary>Gets the ways to refuse before anything is done.</summary>
    public static IReadOnlyList<OrderStep> Refusals { get; } =
    [
        new("429", false, true, Throttled, Status(429)),
        new("503 + Retry-After: 0", false, true, Transient, Status(503, null, "0")),
        new("503 + Retry-After: 0.01", false, true, Transient, Status(503, null, "0.01")),
        new("400 ThrottlingException", false, true, Throttled, Status(400, """{"__type":"a#ThrottlingException"}""")),
        new("503 SlowDown", false, true, Throttled, Status(503, "<Error><Code>SlowDown</Code></Error>")),
        new("connection refused", false, true, Transient, null),
    ];

    /// <summary>Gets the ways to fail after which nobody knows whether the order was taken.</summary>
    public static IReadOnlyList<OrderStep> Failures { get; } =
    [
        .. new[] { 500, 502, 503, 504 }.SelectMany(static status => Both($"{status}", Status(status))),
        .. Both("connection broken", static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }),
        .. Both("broken in the body", static async context =>
        {
            context.Response.StatusCode = 500;
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("begin");
            context.Abort();
        }),
    ];

    private static OrderStep[] Both(string name, Func<HttpContext, Task> answer) =>
    [
        new($"taken, then {name}", true, false, 0, answer),
        new($"lost, {name}", false, false, 0, answer),
    ];

    private static Func<HttpContext, Task> Status(int status, string? body = null, string? retryAfter = null) =>
        context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            return body is null ? Task.CompletedTask : context.Response.WriteAsync(body);
        };
}
