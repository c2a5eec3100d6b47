namespace RetryHandler.Benchmarks.Calls;

/// <summary>A request that carries its own script, so that the transport needs no look-up.</summary>
internal sealed class BenchmarkRequest(Uri uri) : HttpRequestMessage(HttpMethod.Get, uri)
{
    /// <summary>Gets or sets how many more attempts are answered with 503.</summary>
    public int FailuresLeft { get; set; }

    /// <summary>Gets or sets whether the next attempt is answered with 429.</summary>
    public bool IsRefused { get; set; }
}
