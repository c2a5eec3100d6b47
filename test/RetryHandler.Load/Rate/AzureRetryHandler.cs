using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RetryHandler.Load.Rate;

/// <summary>The pipeline of Azure's clients with its default retries, in the place of a handler.</summary>
internal sealed class AzureRetryHandler : HttpMessageHandler
{
    private readonly HttpClient _transport = new();
    private readonly HttpPipeline _pipeline;

    public AzureRetryHandler() =>
        _pipeline = HttpPipelineBuilder.Build(new Options { Transport = new HttpClientTransport(_transport) });

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Parse(request.Method.Method);
        message.Request.Uri.Reset(request.RequestUri!);
        await _pipeline.SendAsync(message, cancellationToken);
        return new HttpResponseMessage((HttpStatusCode)message.Response.Status) { RequestMessage = request };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _transport.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class Options : ClientOptions;
}
