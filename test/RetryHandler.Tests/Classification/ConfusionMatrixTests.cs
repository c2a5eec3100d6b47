using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What each layer of the classification is worth.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ConfusionMatrixTests
{
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
                all.Add(@case, await @case.ClassifyAsync(response, layers, inspect));
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
}
