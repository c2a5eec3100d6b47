using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RetryHandler.Tests.Classification;

/// <summary>Makes answers of every sort: bytes and headers of no sense, and such as rules look at.</summary>
internal static class AnswerGenerator
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", "\\", ":", ",", "\\u00", "429", "-1e9", "\"code\":\"Throttling\"", "\"error\":{",
            "\"message\":\"rate limit exceeded per day\"", "\"retry_after\":1e99", "\"retry_after\":9", "<", ">", "</",
            "<Error>", "<Code>SlowDown</Code>", "<![CDATA[", "<!DOCTYPE x [<!ENTITY e \"e\">]>", "&e;", "\ufeff", "\0",
            " ", "\n", "é", "😀", "too many requests", "\u001f\u008b",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xFE, 0xFF], [0xBF, 0x63], [0xA1, 0x66], [0xC3], [0xED, 0xA0, 0x80], [0x1F, 0x8B],
    ];

    private static readonly string[] Names =
    [
        "Retry-After", "retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after", "grpc-retry-pushback-ms",
        "grpc-status", "grpc-message", "RateLimit", "RateLimit-Policy", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens", "x-amzn-errortype", "x-amzn-query-error",
        "x-ms-error-code", "x-should-retry", "Sforce-Limit-Info", "X-RateLimit-Type", "x-envoy-overloaded", "Date",
        "Age", "Content-Type", "Content-Language", "X-Other",
    ];

    private static readonly string[] Values =
    [
        "", "0", "1", "-1", "1e9", "0x10", "2.5", "NaN", "999999999999999", "99999999999999999999999", "1795262459",
        "1795262459000", "Sat, 21 Nov 2026 12:00:09 GMT", "Sat, 99 Nov 2026 12:00:09 GMT", "2026-11-21T12:00:09Z",
        "9999-12-31T23:59:59Z", "6m0s", "9999999h", "1, 2", ",", ";", "\"a\";r=0;t=5", "\"a;r=0;t=5", "limit=1, reset=",
        "=", "a=1/1", "ThrottlingException:http://x/", "#", "true", "false", "gzip", "application/json", "8", "14",
    ];

    public static Gen<Answer> Answers { get; } =
        from status in Gen.Elements(200, 200, 202, 301, 400, 401, 402, 403, 404, 418, 429, 429, 500, 503, 599)
        from body in Bodies
        from headers in Gen.ArrayOf(Headers)
        from cuts in Cuts(body.Length)
        from delays in Gen.ArrayOf(Gen.Elements(0, 0, 0, 1, 150, 400, 999, 1000, 5000), cuts.Length)
        from end in Gen.Elements(BodyEnd.Complete, BodyEnd.Complete, BodyEnd.Break, BodyEnd.Stall)
        from length in Gen.Elements(true, false)
        from read in Gen.Elements(1, 7, 4096, 100_000)
        from peek in Gen.Elements(0, 1, 100, 4096, 65_536)
        select new Answer(status, headers, body, [.. cuts.Zip(delays)], end, length, read, peek);

    private static Gen<byte[]> Bodies => Gen.OneOf(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(static b => (byte)b)),
        Gen.ArrayOf(Gen.Elements(Words)).Select(Join),
        Gen.ArrayOf(Gen.Elements(Words)).Select(static words => Join([.. Words[6..7], .. words])),
        from words in Gen.ArrayOf(Gen.Elements(Words))
        from times in Gen.Choose(1, 400)
        select Join([.. Enumerable.Repeat(Join(words), times)]));

    private static Gen<(string Name, string Value)> Headers =>
        from name in Gen.Elements(Names)
        from value in Gen.OneOf(
            Gen.Elements(Values),
            Gen.ArrayOf(Gen.Choose(32, 255)).Select(static chars => string.Concat(chars.Select(c => (char)c))))
        select (name, value);

    /// <summary>Cuts a body into single bytes, anywhere, or not at all.</summary>
    private static Gen<int[]> Cuts(int length) => Gen.OneOf(
        Gen.Constant<int[]>([length]),
        Gen.Constant(Enumerable.Repeat(1, Math.Min(length, 300)).Append(Math.Max(0, length - 300)).ToArray()),
        Gen.ArrayOf(Gen.Choose(1, 700)).Select(sizes => Fit(sizes, length)));

    private static int[] Fit(int[] sizes, int length)
    {
        var left = length;
        var pieces = new List<int>();
        foreach (var size in sizes)
        {
            pieces.Add(Math.Min(size, left));
            left -= pieces[^1];
        }

        return [.. pieces, left];
    }

    private static byte[] Join(byte[][] parts) => [.. parts.SelectMany(static part => part)];
}
