using System.Net;

namespace RetryHandler.Tests.Classification;

/// <summary>One answer of an upstream, and how the test looks at it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers; those that are no valid headers are left out.</param>
/// <param name="Body">All bytes of the body.</param>
/// <param name="Pieces">The sizes of its pieces, and after how many milliseconds each comes.</param>
/// <param name="End">What comes after the last piece.</param>
/// <param name="SaysLength">Whether the length is declared.</param>
/// <param name="ReadSize">How much the caller reads at once.</param>
/// <param name="PeekBytes">How much of the body may be looked at.</param>
public sealed record Answer(
    int Status,
    (string Name, string Value)[] Headers,
    byte[] Body,
    (int Size, int Delay)[] Pieces,
    BodyEnd End,
    bool SaysLength,
    int ReadSize,
    int PeekBytes)
{
    internal HttpResponseMessage ToResponse(TimeProvider time)
    {
        var response = new HttpResponseMessage((HttpStatusCode)Status)
        {
            Content = new PacedContent(this, time),
        };
        if (SaysLength)
        {
            response.Content.Headers.ContentLength = Body.Length;
        }

        foreach (var (name, value) in Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    public override string ToString() =>
        $"{Status} [{string.Join('|', Headers)}] {Convert.ToBase64String(Body)} [{string.Join(' ', Pieces)}] {End} "
        + $"length {SaysLength}, reads {ReadSize}, peeks {PeekBytes}";
}
