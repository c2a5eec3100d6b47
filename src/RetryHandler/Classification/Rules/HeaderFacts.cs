using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace RetryHandler.Classification;

/// <summary>What the headers of a response say beside the delay, collected in one pass over them.</summary>
internal struct HeaderFacts
{
    private const int MaxNameLength = 64;

    public CodeSigns Codes { get; private set; }

    /// <summary>Gets what messages say that stand in headers, as of APIs that answer errors without a body.</summary>
    public TextSigns Text { get; private set; }

    /// <summary>Gets whether the codes take the place of those in the body (AWS).</summary>
    public bool ReplacesBodyCodes { get; private set; }

    /// <summary>Gets what the server says itself about repeating the request.</summary>
    public bool? ShouldRetry { get; private set; }

    /// <summary>Gets whether a gateway says that it refused the request for overload or a rate.</summary>
    public bool IsRefusedByGateway { get; private set; }

    /// <summary>Gets whether a header says that the limit is one per day or month.</summary>
    public bool IsLongPeriod { get; private set; }

    /// <summary>Gets whether a header says that the limit is one on what runs at the same time.</summary>
    public bool IsConcurrencyLimit { get; private set; }

    public int? GrpcStatus { get; private set; }

    /// <summary>
    /// Gets whether gRPC says that a message was too large, which its status does not tell from throttling.
    /// </summary>
    public bool IsGrpcMessageTooLarge { get; private set; }

    /// <summary>Gets whether there is a <c>Retry-After</c>.</summary>
    public bool HasRetryAfter { get; private set; }

    public static HeaderFacts Read(HttpResponseMessage response, ClassificationSettings settings)
    {
        var facts = default(HeaderFacts);
        Span<char> buffer = stackalloc char[MaxNameLength];
        foreach (var (header, values) in response.Headers.NonValidated)
        {
            if (header.Length <= MaxNameLength)
            {
                var name = buffer[..header.Length];
                header.AsSpan().ToLowerInvariant(name);
                facts.Add(name, values, settings);
            }
        }

        return facts;
    }

    private void Add(ReadOnlySpan<char> name, in HeaderStringValues values, ClassificationSettings settings)
    {
        switch (name)
        {
            case "retry-after":
                HasRetryAfter = true;
                break;
            case GrpcRules.StatusHeader:
                GrpcStatus = int.TryParse(
                    values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                    ? status
                    : null;
                break;

            case "grpc-message":
                IsGrpcMessageTooLarge =
                    MessageText.Read(Encoding.UTF8.GetBytes(values.ToString())).Has(TextSigns.TooLarge);
                break;

            // Negative or unreadable: the server forbids a retry (gRPC proposal A6).
            case "grpc-retry-pushback-ms":
                ShouldRetry = DelayText.ReadMilliseconds(values.ToString()).IsNone ? false : ShouldRetry;
                break;
            case "x-envoy-overloaded" or "x-envoy-ratelimited":
                IsRefusedByGateway = true;
                break;

            // "code;type" of services that moved from the query protocol to JSON and kept their codes.
            case "x-amzn-query-error":
                var text = values.ToString().AsSpan();
                var end = text.IndexOf(';');
                Codes |= ErrorCode.Read(end < 0 ? text : text[..end], settings);
                ReplacesBodyCodes = true;
                break;
            case "x-amzn-errortype":
                Codes |= ErrorCode.Read(values.ToString(), settings);
                ReplacesBodyCodes = true;
                break;
            case "sforce-limit-info":
                IsLongPeriod |= IsUsedUp(values.ToString());
                break;
            default:
                AddByEnding(name, values, settings);
                break;
        }
    }

    private void AddByEnding(ReadOnlySpan<char> name, in HeaderStringValues values, ClassificationSettings settings)
    {
        if (Ends(name, "errortype") || Ends(name, "error-code") || Ends(name, "errorcode"))
        {
            Codes |= ErrorCode.Read(values.ToString(), settings);
        }
        else if (Ends(name, "-error"))
        {
            // MediaWiki-API-Error. Others put a word such as "none" here, which is no other reason to refuse.
            Codes |= ErrorCode.Read(values.ToString(), settings) & ~CodeSigns.Other;
        }
        else if (Ends(name, "error-message") || Ends(name, "error-detail") || Ends(name, "error-description"))
        {
            Text |= MessageText.Read(Encoding.UTF8.GetBytes(values.ToString()));
        }
        else if (Ends(name, "should-retry"))
        {
            ShouldRetry = bool.TryParse(values.ToString(), out var shouldRetry) ? shouldRetry : ShouldRetry;
        }
        else if (IsLimitDescription(name))
        {
            var text = values.ToString();
            IsLongPeriod |= LongPeriod.IsIn(text);
            IsConcurrencyLimit |= text.Contains("concurren", StringComparison.OrdinalIgnoreCase);
        }
    }

    private static bool Ends(ReadOnlySpan<char> name, string ending) =>
        name.EndsWith(ending, StringComparison.Ordinal);

    /// <summary>Finds Xero's X-Rate-Limit-Problem, Zoom's X-RateLimit-Type and the like.</summary>
    private static bool IsLimitDescription(ReadOnlySpan<char> name) =>
        name.Contains("limit", StringComparison.Ordinal)
        && (Ends(name, "-type") || Ends(name, "-problem") || Ends(name, "-reason") || Ends(name, "-scope")
            || Ends(name, "-period"));

    /// <summary>Reads Salesforce's "api-usage=15000/15000": the calls of 24 hours.</summary>
    private static bool IsUsedUp(ReadOnlySpan<char> text)
    {
        var equals = text.IndexOf('=');
        var slash = text.IndexOf('/');
        var end = text.IndexOfAny(';', ',');
        return equals >= 0 && slash > equals && (end < 0 || end > slash)
            && DelayText.TryReadNumber(text[(equals + 1)..slash], out var used)
            && DelayText.TryReadNumber(text[(slash + 1)..(end < 0 ? text.Length : end)], out var allowed)
            && used >= allowed;
    }
}
