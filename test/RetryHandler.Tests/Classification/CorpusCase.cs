using System.Text;
using System.Text.Json;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>One answer of a real API, and what it means.</summary>
public sealed record CorpusCase
{
    /// <summary>The answers that the rules were written for.</summary>
    public const string Corpus = "throttle-corpus.json";

    /// <summary>Answers of other APIs, and look-alikes, from documentation and memory.</summary>
    public const string Shapes = "throttle-shapes.json";

    /// <summary>Answers of yet other APIs, written by somebody who had not seen the rules.</summary>
    public const string HeldOut = "throttle-held-out.json";

    /// <summary>Further answers and look-alikes, written before the rules were tried on them.</summary>
    public const string Further = "throttle-further.json";

    /// <summary>Yet other APIs, and as many near misses, written before the rules were tried on them.</summary>
    public const string Fresh = "throttle-fresh.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public required int Id { get; init; }

    public required string Api { get; init; }

    public required string Case { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required int Status { get; init; }

    public required Dictionary<string, string> Headers { get; init; }

    public string? Body { get; init; }

    public string? BodyBase64 { get; init; }

    public GeneratedBody? BodyGen { get; init; }

    public string? ContentType { get; init; }

    public required string Expected { get; init; }

    public IReadOnlyList<string> AcceptExpected { get; init; } = [];

    public double? ExpectedDelayMs { get; init; }

    public double[]? AcceptDelayMs { get; init; }

    public bool AcceptNull { get; init; }

    /// <summary>Gets the address that was called, for the few answers that mean something else elsewhere.</summary>
    public Uri Url { get; init; } = new("https://api.test/");

    /// <summary>
    /// Reads the answers of a file beside the tests; another corpus may be put in the place of the first.
    /// </summary>
    public static IReadOnlyList<CorpusCase> ReadAll(string file)
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", file);
        path = file == Corpus ? Environment.GetEnvironmentVariable("THROTTLE_CORPUS") ?? path : path;
        return JsonSerializer.Deserialize<IReadOnlyList<CorpusCase>>(File.ReadAllBytes(path), Options)!;
    }

    public byte[]? GetBody() =>
        BodyBase64 is not null ? Convert.FromBase64String(BodyBase64)
        : BodyGen is not null ? BodyGen.ToBytes()
        : Body is null ? null
        : Encoding.UTF8.GetBytes(Body);

    public HttpResponseMessage ToResponse()
    {
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)Status)
        {
            RequestMessage = new HttpRequestMessage(HttpMethod.Get, Url),
        };
        if (GetBody() is { } body)
        {
            response.Content = new ChunkedContent(body, 100);
        }

        foreach (var (name, value) in Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (ContentType is not null && !response.Content.Headers.Contains("Content-Type"))
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        return response;
    }

    internal ValueTask<AttemptVerdict> ClassifyAsync(
        HttpResponseMessage response, ClassificationLayers layers, bool inspectSuccessBodies)
    {
        var options = new ClassificationOptions { InspectSuccessBodies = inspectSuccessBodies };
        var classifier = new HttpOutcomeClassifier(
            new ClassificationSettings(options) { Layers = layers }, new ManualTimeProvider(Now));
        return classifier.ClassifyAsync(new AttemptOutcome(response), CancellationToken.None);
    }

    /// <summary>Says whether a verdict is the expected one, or one of those that are right too.</summary>
    internal bool IsRight(FailureKind kind) => Expected == NameOf(kind) || AcceptExpected.Contains(NameOf(kind));

    internal bool IsRight(TimeSpan? delay) => delay is { TotalMilliseconds: var actual }
        ? (AcceptDelayMs is [var least, var most] && actual >= least && actual <= most) || actual == ExpectedDelayMs
        : AcceptNull || ExpectedDelayMs is null;

    internal static string NameOf(FailureKind kind) => kind switch
    {
        FailureKind.Throttled => "throttled",
        FailureKind.Transient => "transient",
        FailureKind.QuotaExhausted => "quota-exhausted",
        _ => "not-retryable",
    };

    public sealed record GeneratedBody(string Prefix, string Repeat, int Times, string Suffix)
    {
        public byte[] ToBytes() =>
            Encoding.UTF8.GetBytes(Prefix + string.Concat(Enumerable.Repeat(Repeat, Times)) + Suffix);
    }
}
