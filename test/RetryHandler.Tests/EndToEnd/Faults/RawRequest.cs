namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>One request as it came over the wire.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The path and query.</param>
/// <param name="Head">The request line and the headers.</param>
/// <param name="Body">The beginning of the body, as text.</param>
/// <param name="BodyBytes">How long the body was; 0 when only the head was read.</param>
/// <param name="BodyHash">A hash of the complete body.</param>
/// <param name="Connection">The number of the connection that it came over, from 1.</param>
internal sealed record RawRequest(
    string Method, string Target, string Head, string Body, long BodyBytes, string BodyHash, int Connection)
{
    public bool Has(string headerLine) => Head.Contains($"\r\n{headerLine}\r\n", StringComparison.OrdinalIgnoreCase);
}
