using System.Net;
using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What judging costs: nothing for a success, little for an error.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class CostTests
{
    private const int Calls = 100;

    // Until the runtime has optimized the code, which the first calls only ask for.
    private const int MaxRounds = 200;

#if DEBUG
    // Without optimization the state of every asynchronous method is an object.
    private const int MaxBytes = 2048;
#else
    private const int MaxBytes = 1024;
#endif

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """
        {"error":{"message":"Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000,
        Used 29580, Requested 1200. Please try again in 1.56s. Visit https://platform.test/account to learn more.",
        "type":"tokens","param":null,"code":"rate_limit_exceeded"}}
        """);

    private readonly HttpOutcomeClassifier _classifier =
        new(new ClassificationSettings(new ClassificationOptions()), TimeProvider.System);

    [TestCase(1)]
    [TestCase(2)]
    public void ClassifyAsync_Success_AllocatesNothing(int httpVersion)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = new Version(httpVersion, 0) };

        Assert.That(BytesPerCall(() => response, atMost: 0), Is.Zero);
    }

    [Test]
    public void ClassifyAsync_ErrorBodyInMemory_AllocatesLittle() => Assert.That(
        BytesPerCall(static () => Respond(new ByteArrayContent(Body)), MaxBytes), Is.LessThanOrEqualTo(MaxBytes));

    [Test]
    public void ClassifyAsync_StreamingErrorBody_AllocatesLittle() => Assert.That(
        BytesPerCall(static () => Respond(new ChunkedContent(Body, 4096)), MaxBytes), Is.LessThanOrEqualTo(MaxBytes));

    private static HttpResponseMessage Respond(HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.TryAddWithoutValidation("Content-Length", $"{Body.Length}");
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = content };
        response.Headers.TryAddWithoutValidation("Date", "Sat, 21 Nov 2026 12:00:00 GMT");
        response.Headers.TryAddWithoutValidation("retry-after-ms", "1560");
        response.Headers.TryAddWithoutValidation("x-ratelimit-remaining-tokens", "0");
        response.Headers.TryAddWithoutValidation("x-ratelimit-reset-tokens", "1.56s");
        return response;
    }

    private long BytesPerCall(Func<HttpResponseMessage> next, long atMost)
    {
        var bytes = long.MaxValue;
        for (var round = 0; round < MaxRounds && bytes > atMost; round++)
        {
            var outcomes = Enumerable.Range(0, Calls).Select(_ => new AttemptOutcome(next())).ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var outcome in outcomes)
            {
                Judge(outcome);
            }

            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
        }

        TestContext.Out.WriteLine($"{bytes} B");
        return bytes;
    }

    private void Judge(in AttemptOutcome outcome)
    {
        var verdict = _classifier.ClassifyAsync(outcome, CancellationToken.None);
        if (!verdict.IsCompleted)
        {
            throw new InvalidOperationException("A body that is there was waited for.");
        }
    }
}
