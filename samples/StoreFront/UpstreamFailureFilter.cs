namespace StoreFront;

/// <summary>Tells the page that the upstream failed, and how, instead of a bare 500.</summary>
internal sealed class UpstreamFailureFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (HttpRequestException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status502BadGateway);
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status504GatewayTimeout);
        }
    }
}
