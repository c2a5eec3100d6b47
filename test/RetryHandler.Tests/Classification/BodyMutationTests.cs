using System.Globalization;
using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>
/// Changes the bodies of the corpus at random, and keeps those with which the readers find something new, for further
/// changes.
/// </summary>
/// <remarks>
/// The same inputs in every run, so that a change that breaks nothing never fails here. For the long run set
/// BODY_MUTATIONS to 1000000 or more, and for other inputs BODY_SEED.
/// </remarks>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class BodyMutationTests
{
    private static readonly int Inputs = Setting("BODY_MUTATIONS", 20_000);

    private static readonly int Seed = Setting("BODY_SEED", 1);

    private static readonly ClassificationSettings Settings = new(new ClassificationOptions());

    [TestCase("JSON", (byte)'{')]
    [TestCase("XML", (byte)'<')]
    public void Read_ChangedBodies_HoldTheInvariants(string format, byte first)
    {
        var seeds = CorpusCase.ReadAll(CorpusCase.Corpus).Concat(CorpusCase.ReadAll(CorpusCase.Shapes))
            .Select(static @case => @case.GetBody()).OfType<byte[]>()
            .Where(body => body.Length is > 0 and < 4096 && body[0] == first)
            .ToList();
        var mutator = new BodyMutator(seeds, new Random(Seed));
        var known = new HashSet<string>();
        var compared = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var body = mutator.Change();
            if (known.Add(CheckInvariants(body, ref compared)))
            {
                mutator.Keep(body);
            }
        }

        TestContext.Out.WriteLine(
            $"{format}: {Inputs:N0} inputs from {seeds.Count} bodies, {known.Count:N0} different findings; "
            + $"{compared:N0} inputs were valid and read as the runtime reads them.");
        Assert.That(known, Has.Count.GreaterThan(seeds.Count));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;

    /// <summary>Checks one input.</summary>
    /// <returns>The shape of what was found.</returns>
    private static string CheckInvariants(byte[] body, ref int compared)
    {
        var found = RecordingFacts.Of(body).ConvertAll(JsonOracle.Simplify);
        if (found.Count > 401)
        {
            Fail(body, "Reads on for ever.");
        }

        if (Expect(body) is { } expected)
        {
            compared++;
            if (!found.SequenceEqual(expected))
            {
                Fail(body, $"Found\n{string.Join('\n', found)}\ninstead of\n{string.Join('\n', expected)}");
            }
        }

        var signs = SignsOf(body);
        var half = SignsOf(body.AsSpan(0, body.Length / 2));
        if (body.Length > 40 && (half & ~signs) != 0)
        {
            Fail(body, $"Half of it has codes that the whole has not: {half & ~signs}.");
        }

        return string.Join('|', found.Select(static item => item[..item.LastIndexOf(' ')])) + signs;
    }

    /// <summary>Asks the readers of the runtime; of longer strings with escapes only the beginning is read.</summary>
    private static List<string>? Expect(byte[] body) =>
        body.Length >= 600 ? null
        : body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] ? JsonOracle.TryRead(body)
        : body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'<', ..] && !IsPage(body) ? XmlOracle.TryRead(body)
        : null;

    private static bool IsPage(byte[] body) =>
        Encoding.Latin1.GetString(body).Contains("<html", StringComparison.OrdinalIgnoreCase);

    private static CodeSigns SignsOf(ReadOnlySpan<byte> body)
    {
        var error = new ErrorBodyFacts(Settings);
        ErrorBody.Read(body, ref error);
        var success = new SuccessBodyFacts(Settings);
        ErrorBody.Read(body, ref success);
        _ = success.Codes;
        return error.Codes;
    }

    private static void Fail(byte[] body, string message) => throw new InvalidOperationException(
        $"{message}\n{Encoding.UTF8.GetString(body)}\n{Convert.ToBase64String(body)}");
}
