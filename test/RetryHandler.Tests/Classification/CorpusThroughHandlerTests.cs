namespace RetryHandler.Tests.Classification;

/// <summary>The corpus through the whole handler, judged by nothing but what the handler then does.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class CorpusThroughHandlerTests
{
    public static IEnumerable<TestCaseData> Cases => Name("Handler");

    public static IEnumerable<TestCaseData> Bodies => Name("HandlerBody");

    public static IEnumerable<TestCaseData> Errors => new[]
        {
            CorpusCase.Corpus, CorpusCase.Shapes, CorpusCase.HeldOut, CorpusCase.Further, CorpusCase.Fresh,
        }
        .SelectMany(static file => Name("HandlerSlowDown", file))
        .Where(static test => ((CorpusCase)test.Arguments[0]!).Status >= 400);

    [TestCaseSource(nameof(Cases))]
    public async Task Handler(CorpusCase @case)
    {
        var (kind, delay) = await ObserveAsync(@case);

        Assert.That(@case.IsRight(kind), $"expected {@case.Expected}, but the handler took it for {kind}");
        if (kind is FailureKind.Throttled or FailureKind.Transient)
        {
            Assert.That(@case.IsRight(delay), $"expected {@case.ExpectedDelayMs} ms, but the handler waited {delay}");
        }
    }

    /// <summary>The last response goes to the caller as it came, whatever of it was looked at.</summary>
    [TestCaseSource(nameof(Bodies))]
    public async Task HandlerBody(CorpusCase @case)
    {
        var upstream = new ScriptedHandler(_ => @case.ToResponse());
        using var client = Create(@case, upstream, static options => options.MaxAttempts = 1);
        using var response = await client.GetAsync();

        Assert.That((int)response.StatusCode, Is.EqualTo(@case.Status));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(@case.GetBody() ?? []));
    }

    /// <summary>As the library comes: throttles slow the client down, and nothing else does.</summary>
    [TestCaseSource(nameof(Errors))]
    public async Task HandlerSlowDown(CorpusCase @case)
    {
        var upstream = new ScriptedHandler(_ => @case.ToResponse());
        using var client = Create(@case, upstream, static options =>
        {
            options.Mode = RetryMode.Adaptive;
            options.MaxAttempts = 1;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, @case.Url);
        using var response = await client.SendAsync(request);

        if (client.Limiter.State.IsLimiting)
        {
            Assert.That(@case.IsRight(FailureKind.Throttled), $"expected {@case.Expected}, but the client slows down");
        }
        else
        {
            Assert.That(@case.Expected != "throttled" || @case.AcceptExpected.Count > 0, "the client goes on");
        }
    }

    private static IEnumerable<TestCaseData> Name(string test, string file = CorpusCase.Corpus) => CorpusCase
        .ReadAll(file)
        .Select(@case => new TestCaseData(@case).SetName($"{test}_{@case.Id:000}_{@case.Api}_{@case.Case}"));

    /// <summary>Answers with the case, then with a success. Chance adds no delay: waits are the server's.</summary>
    private static async Task<(FailureKind Kind, TimeSpan? Delay)> ObserveAsync(CorpusCase @case)
    {
        var client = default(ClientUnderTest);
        var quotaAtRetry = 0;
        var time = new ManualTimeProvider(@case.Now);
        var upstream = new ScriptedHandler(time, _ => @case.ToResponse(), request =>
        {
            quotaAtRetry = client!.Quota.Available;
            return ScriptedHandler.Status(200)(request);
        });
        using (client = Create(@case, upstream, static _ => { }, time))
        {
            var before = client.Quota.Available;
            using var request = new HttpRequestMessage(HttpMethod.Get, @case.Url);
            using var response = await client.SendAsync(request);
            var info = response.GetAdaptiveRetryInfo();
            if (info.Attempts > 1)
            {
                var waited = upstream.Attempts[1].At - upstream.Attempts[0].At;
                return (KindOf(before - quotaAtRetry), waited == TimeSpan.Zero ? null : waited);
            }

            var isTooLong = info.StopReason == RetryStopReason.ServerDelayTooLong;
            return (KindOf(info.StopReason), isTooLong ? TimeSpan.MaxValue : null);
        }
    }

    private static ClientUnderTest Create(
        CorpusCase @case,
        ScriptedHandler upstream,
        Action<AdaptiveRetryOptions> configure,
        ManualTimeProvider? time = null) =>
        new(
            time ?? new ManualTimeProvider(@case.Now),
            upstream,
            options =>
            {
                options.Mode = RetryMode.Standard;
                options.ServerDelay.MaxDelay = TimeSpan.FromDays(1);
                options.Classification.InspectSuccessBodies = true;
                configure(options);
            },
            random: 0);

    private static FailureKind KindOf(int cost) => cost == 5 ? FailureKind.Throttled : FailureKind.Transient;

    private static FailureKind KindOf(RetryStopReason reason) => reason switch
    {
        RetryStopReason.Succeeded => FailureKind.None,
        RetryStopReason.NotRetryable => FailureKind.Permanent,
        RetryStopReason.UpstreamQuotaExhausted => FailureKind.QuotaExhausted,

        // Only the throttles of the corpus have delays that are longer than a day, and yet no quotas.
        RetryStopReason.ServerDelayTooLong => FailureKind.Throttled,
        _ => throw new InvalidOperationException($"Stopped with {reason}."),
    };
}
