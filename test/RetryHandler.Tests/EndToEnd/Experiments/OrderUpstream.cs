using System.Globalization;
using RetryHandler.Tests.EndToEnd.Faults;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// Takes orders and keeps count of how often it took each; the attempts to a port that refuses are made on the way.
/// </summary>
internal sealed class OrderUpstream : IAsyncDisposable
{
    private const string OrderHeader = "X-Order";
    private const string AttemptHeader = "X-Attempt";

    private readonly OrderPlan _plan;
    private readonly int[] _attempts;
    private readonly int[] _executions;
    private readonly string?[] _stored;
    private readonly ClosedPort _nobody = new();
    private LoopbackUpstream? _server;

    private OrderUpstream(OrderPlan plan, int orders)
    {
        _plan = plan;
        _attempts = new int[orders];
        _executions = new int[orders];
        _stored = new string[orders];
    }

    public Uri Address => _server!.Address;

    public int Requests => _server!.Requests;

    public static async Task<OrderUpstream> StartAsync(OrderPlan plan, int orders)
    {
        var upstream = new OrderUpstream(plan, orders);
        upstream._server = await LoopbackUpstream.StartAsync(async context =>
        {
            var order = int.Parse(context.Request.Headers[OrderHeader]!, CultureInfo.InvariantCulture);
            var attempt = int.Parse(context.Request.Headers[AttemptHeader]!, CultureInfo.InvariantCulture);
            using var reader = new StreamReader(context.Request.Body);
            var content = await reader.ReadToEndAsync();
            var step = plan.StepOf(order, attempt);
            if (step.Executes)
            {
                Interlocked.Increment(ref upstream._executions[order]);
                upstream._stored[order] = content;
            }

            await step.AnswerAsync!(context);
        });
        return upstream;
    }

    public static HttpRequestMessage Request(HttpMethod method, int order)
    {
        var request = new HttpRequestMessage(method, $"orders/{order}")
        {
            Content = new StringContent(ContentOf(order)),
        };
        request.Headers.Add(OrderHeader, order.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    public int AttemptsOf(int order) => _attempts[order];

    public int ExecutionsOf(int order) => _executions[order];

    /// <summary>Finds whether the upstream holds the order with the content that was sent.</summary>
    public bool Holds(int order) => _stored[order] == ContentOf(order);

    /// <summary>
    /// Makes the handler that counts the attempts and sends some of them to a port where nobody listens.
    /// </summary>
    public DelegatingHandler CreateInnerHandler() => new Rerouting(request =>
    {
        var order = int.Parse(request.Headers.GetValues(OrderHeader).Single(), CultureInfo.InvariantCulture);
        var attempt = ++_attempts[order];
        request.Headers.Add(AttemptHeader, attempt.ToString(CultureInfo.InvariantCulture));
        return _plan.StepOf(order, attempt).AnswerAsync is null ? _nobody.Address : null;
    });

    public async ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        await _server!.DisposeAsync();
    }

    private static string ContentOf(int order) => string.Create(CultureInfo.InvariantCulture, $"{order} pieces");
}
