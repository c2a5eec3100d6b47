using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using RetryHandler.Classification;

namespace RetryHandler.Benchmarks.Classification;

/// <summary>
/// What it costs to judge an outcome. The bars: nothing allocated for a success, and under 5 microseconds and 1 KiB for
/// an error body of 300 bytes.
/// </summary>
/// <remarks>
/// <see cref="ErrorWithoutLookingAtTheBody"/> is what the headers alone cost, and <see cref="Nothing"/> what the
/// benchmark itself does for each answer; the rest of an error body's time is the peek. On a busy machine the minimum
/// is nearest to the truth: others can only add to it. <c>dotnet run -c Release --project test/RetryHandler.Benchmarks
/// -- --filter '*ClassificationBenchmarks*' --inProcess</c>.
/// </remarks>
[MemoryDiagnoser, MinColumn, MedianColumn]
public class ClassificationBenchmarks : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """
        {"error":{"message":"Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000,
        Used 29580, Requested 1200. Please try again in 1.56s. Visit https://platform.test/account to learn more.",
        "type":"tokens","param":null,"code":"rate_limit_exceeded"}}
        """);

    private readonly HttpOutcomeClassifier _classifier =
        new(new ClassificationSettings(new ClassificationOptions()), TimeProvider.System);

    private readonly HttpOutcomeClassifier _withoutBodies =
        new(new ClassificationSettings(new ClassificationOptions { MaxErrorBodyBytes = 0 }), TimeProvider.System);

    private readonly HttpResponseMessage _success = new(HttpStatusCode.OK) { Version = HttpVersion.Version11 };

    private readonly HttpResponseMessage _successOfHttp2 = new(HttpStatusCode.OK) { Version = HttpVersion.Version20 };

    private readonly HttpResponseMessage _withoutLimits = Respond(HttpStatusCode.OK);

    private readonly HttpResponseMessage _withLimits = Respond(
        HttpStatusCode.OK,
        ("X-RateLimit-Limit", "5000"),
        ("X-RateLimit-Remaining", "4999"),
        ("X-RateLimit-Reset", "60"));

    private readonly HttpResponseMessage _error = Respond(
        HttpStatusCode.TooManyRequests,
        ("retry-after-ms", "1560"),
        ("x-ratelimit-remaining-tokens", "0"),
        ("x-ratelimit-reset-tokens", "1.56s"));

    private readonly HttpContent _inMemory = WithType(new ByteArrayContent(Body));

    private readonly OnceOnlyContent _ofConnection = WithType(new OnceOnlyContent(Body));

    [Benchmark]
    public HttpContent Nothing()
    {
        _ofConnection.Rewind();
        _error.Content = _ofConnection;
        return _error.Content;
    }

    [Benchmark(Baseline = true)]
    public FailureKind Success() => Judge(_classifier, _success);

    [Benchmark]
    public FailureKind SuccessOfHttp2() => Judge(_classifier, _successOfHttp2);

    /// <summary>A body in memory, which is read and set back.</summary>
    [Benchmark]
    public FailureKind ErrorBodyInMemory()
    {
        _error.Content = _inMemory;
        return Judge(_classifier, _error);
    }

    /// <summary>A body of a connection: what was read is put before the rest.</summary>
    [Benchmark]
    public FailureKind ErrorBodyOfAConnection()
    {
        _ofConnection.Rewind();
        _error.Content = _ofConnection;
        return Judge(_classifier, _error);
    }

    [Benchmark]
    public FailureKind ErrorWithoutLookingAtTheBody()
    {
        _ofConnection.Rewind();
        _error.Content = _ofConnection;
        return Judge(_withoutBodies, _error);
    }

    [Benchmark]
    public bool BudgetOfNoHeaders() => RateLimitBudget.TryRead(_withoutLimits, TimeProvider.System, out _);

    [Benchmark]
    public bool BudgetOfHeaders() => RateLimitBudget.TryRead(_withLimits, TimeProvider.System, out _);

    [GlobalCleanup]
    public void Dispose()
    {
        _success.Dispose();
        _successOfHttp2.Dispose();
        _withoutLimits.Dispose();
        _withLimits.Dispose();
        _error.Dispose();
        _inMemory.Dispose();
        _ofConnection.Dispose();
        GC.SuppressFinalize(this);
    }

    private static HttpResponseMessage Respond(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status);
        foreach (var (name, value) in headers.Concat(
            [("Date", "Sat, 21 Nov 2026 12:00:00 GMT"), ("Server", "x"), ("Vary", "Accept"), ("X-Request-Id", "7")]))
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static TContent WithType<TContent>(TContent content)
        where TContent : HttpContent
    {
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.TryAddWithoutValidation("Content-Length", $"{Body.Length}");
        return content;
    }

    private static FailureKind Judge(HttpOutcomeClassifier classifier, HttpResponseMessage response)
    {
        var verdict = classifier.ClassifyAsync(new AttemptOutcome(response), CancellationToken.None);
        return verdict.IsCompletedSuccessfully
            ? verdict.Result.Kind
            : throw new InvalidOperationException("A body that is there was waited for.");
    }
}
