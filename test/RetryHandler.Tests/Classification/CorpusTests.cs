using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>The answers of real APIs, each one a test; none is allowed to fail.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class CorpusTests
{
    public static IEnumerable<TestCaseData> Cases =>
        new[]
        {
            CorpusCase.Corpus, CorpusCase.Shapes, CorpusCase.HeldOut, CorpusCase.Further, CorpusCase.Fresh,
        }
        .SelectMany(CorpusCase.ReadAll)
        .Select(static @case => new TestCaseData(@case).SetName($"Corpus_{@case.Id:000}_{@case.Api}_{@case.Case}"));

    [TestCaseSource(nameof(Cases))]
    public async Task Corpus(CorpusCase @case)
    {
        using var response = @case.ToResponse();
        var verdict = await @case.ClassifyAsync(response, ClassificationLayers.All, inspectSuccessBodies: true);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Multiple(() =>
        {
            Assert.That(@case.IsRight(verdict.Kind), $"expected {@case.Expected}, but {verdict}");
            Assert.That(
                @case.IsRight(verdict.ServerDelay ?? verdict.BoundedDelayHint),
                $"expected a delay of {@case.ExpectedDelayMs} ms, but {verdict}");
            Assert.That(body, Is.EqualTo(@case.GetBody() ?? []));
        });
    }
}
