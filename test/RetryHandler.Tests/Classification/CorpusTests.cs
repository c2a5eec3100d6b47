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
        var verdict = await ClassifyAsync(@case, response, ClassificationLayers.All, inspectSuccessBodies: true);
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

    [TestCase(CorpusCase.Corpus)]
    [TestCase(CorpusCase.Shapes)]
    [TestCase(CorpusCase.HeldOut)]
    [TestCase(CorpusCase.Further)]
    [TestCase(CorpusCase.Fresh)]
    public async Task ConfusionMatrix_OfLayers_ShowsTheWorthOfEach(string file)
    {
        var cases = CorpusCase.ReadAll(file);
        var report = new StringWriter();
        var all = default(ConfusionMatrix);
        foreach (var (name, layers, inspect) in Layers)
        {
            all = new ConfusionMatrix();
            foreach (var @case in cases)
            {
                using var response = @case.ToResponse();
                all.Add(@case, await ClassifyAsync(@case, response, layers, inspect));
            }

            report.WriteLine($"{name,-14} {all.Summary}");
        }

        report.WriteLine();
        report.WriteLine(all);
        await TestContext.Out.WriteLineAsync($"{file}\n{report}");
        Assert.That(all!.FalseThrottled, Is.Zero);
        Assert.That(all.Wrong, Is.LessThanOrEqualTo(1));
    }

    private static (string Name, ClassificationLayers Layers, bool Inspect)[] Layers =>
    [
        ("status only", ClassificationLayers.StatusOnly, false),
        ("+ headers", ClassificationLayers.Headers, false),
        ("+ codes", ClassificationLayers.Headers | ClassificationLayers.Codes, false),
        ("+ text", ClassificationLayers.All, false),
        ("+ 200 bodies", ClassificationLayers.All, true),
    ];

    private static ValueTask<AttemptVerdict> ClassifyAsync(
        CorpusCase @case, HttpResponseMessage response, ClassificationLayers layers, bool inspectSuccessBodies)
    {
        var options = new ClassificationOptions { InspectSuccessBodies = inspectSuccessBodies };
        var classifier = new HttpOutcomeClassifier(
            new ClassificationSettings(options) { Layers = layers }, new ManualTimeProvider(@case.Now));
        return classifier.ClassifyAsync(new AttemptOutcome(response), CancellationToken.None);
    }
}
