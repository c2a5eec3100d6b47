using System.Globalization;
using System.Text;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>What the raw upstream does with one request.</summary>
/// <param name="Reading">How much of the request it reads before.</param>
/// <param name="RunAsync">What it does then; returns whether the connection goes on.</param>
internal sealed record RawStep(RawReading Reading, Func<RawConnection, Task<bool>> RunAsync)
{
    /// <summary>Gets a plain success.</summary>
    public static RawStep Ok { get; } = Respond(200, "done");

    /// <summary>Answers and keeps the connection.</summary>
    public static RawStep Respond(int status, string body = "", params string[] headerLines) =>
        Send(Head(status, [.. headerLines, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"]) + body);

    /// <summary>Writes the text as it is and keeps the connection.</summary>
    public static RawStep Send(string text) => new(RawReading.All, async connection =>
    {
        await connection.WriteAsync(text);
        return true;
    });

    /// <summary>Writes the text, then ends the connection in order (FIN).</summary>
    public static RawStep Close(string text = "") => new(RawReading.All, async connection =>
    {
        await connection.WriteAsync(text);
        await connection.FinishAsync();
        return false;
    });

    /// <summary>Writes the text, then breaks the connection (RST).</summary>
    public static RawStep Reset(string text = "") => new(RawReading.All, async connection =>
    {
        await connection.WriteAsync(text);
        connection.Reset();
        return false;
    });

    /// <summary>Writes the text, then nothing until the client gives up.</summary>
    public static RawStep Stall(string text = "") => new(RawReading.All, async connection =>
    {
        await connection.WriteAsync(text);
        await connection.WaitForEndAsync();
        return false;
    });

    /// <summary>Writes the beginning, and the rest, which keeps the connection, when the test says so.</summary>
    public static RawStep Pause(string text, Task goOn, string rest) => new(RawReading.All, async connection =>
    {
        await connection.WriteAsync(text);
        await connection.WaitAsync(goOn);
        await connection.WriteAsync(rest);
        return true;
    });

    /// <summary>Makes the head of a response.</summary>
    public static string Head(int status, params string[] headerLines) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Status\r\n")
        + string.Concat(headerLines.Select(static line => line + "\r\n"))
        + "\r\n";

    /// <summary>The same, without reading the request first.</summary>
    public RawStep BeforeRequest() => this with { Reading = RawReading.Nothing };

    /// <summary>The same, when only the head of the request was read.</summary>
    public RawStep AfterHead() => this with { Reading = RawReading.Head };
}
