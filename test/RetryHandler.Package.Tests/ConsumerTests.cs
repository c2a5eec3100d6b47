using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace RetryHandler.Package.Tests;

/// <summary>The packages do in a stranger's project what the README says.</summary>
[TestFixture]
internal sealed partial class ConsumerTests
{
    // The build of a stranger's project on a busy machine; a test that hangs ends then.
    private const int Patience = 240_000;
    private const string ExampleAddress = "https://orders.example";

    private static readonly string[] Targets = ["net8.0", "net10.0"];

    /// <summary>The first example of the README, word for word, but with an upstream that exists.</summary>
    [Test]
    [CancelAfter(Patience)]
    public async Task Package_FirstExampleOfTheReadme_RunsOnBothTargets(CancellationToken cancellationToken)
    {
        var requests = 0;
        await using var upstream = await LoopbackUpstream.StartAsync(context =>
        {
            var isFirst = Interlocked.Increment(ref requests) % 2 == 1;
            context.Response.StatusCode = isFirst ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        var example = FirstExample();
        Assert.That(example, Does.Contain(ExampleAddress));
        var consumer = await Consumer.CreateAsync("Console", cancellationToken);
        await consumer.WriteProgramAsync(
            example.Replace(ExampleAddress, upstream.Address.ToString().TrimEnd('/'), StringComparison.Ordinal),
            cancellationToken);

        Assert.That(await consumer.BuildAsync(cancellationToken), Does.Not.Contain("warning"));
        foreach (var target in Targets)
        {
            Assert.That(
                await consumer.RunAsync(target, cancellationToken),
                Is.EqualTo("200: Succeeded after 2 attempts"),
                target);
        }

        Assert.That(upstream.Requests, Is.EqualTo(2 * Targets.Length));
    }

    [Test]
    [CancelAfter(Patience)]
    public async Task Package_AspNetCore_ServesDashboardAndHealthOnBothTargets(CancellationToken cancellationToken)
    {
        var consumer = await Consumer.CreateAsync("Web", cancellationToken);

        Assert.That(await consumer.BuildAsync(cancellationToken), Does.Not.Contain("warning"));
        foreach (var target in Targets)
        {
            Assert.That(
                await consumer.RunAsync(target, cancellationToken), Is.EqualTo("Healthy, <!doctype html>"), target);
        }
    }

    private static string FirstExample() =>
        ExamplePattern().Match(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"))).Groups[1].Value;

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}
