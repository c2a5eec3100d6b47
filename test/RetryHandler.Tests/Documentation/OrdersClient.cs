namespace RetryHandler.Tests.Documentation;

/// <summary>The typed client of the README's examples.</summary>
internal sealed class OrdersClient(HttpClient http)
{
    public HttpClient Http => http;
}
