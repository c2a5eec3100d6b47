using RetryHandler.Tests.Documentation;

namespace RetryHandler.Tests.Conventions;

/// <summary>Each folder of the library is a room that knows only the rooms below it.</summary>
public sealed class DependencyArrowTests
{
    /// <summary>The arrows. A room that is missing here names no internal type of another room.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Configuration"] = ["Backoff"],
        ["DependencyInjection"] = ["Configuration", "Handler", "Pipeline", "State", "Telemetry"],
        ["Handler"] = ["Configuration", "Retry", "State"],
        ["Pipeline"] = ["Classification", "Configuration", "Retry", "State", "Telemetry"],
        ["Retry"] = ["Backoff", "Classification", "Quota", "RateLimiting", "Replay", "Telemetry"],
        ["State"] = ["Backoff", "Quota", "RateLimiting", "Replay", "Retry", "Telemetry"],
        ["Telemetry"] = ["Quota", "RateLimiting"],
    };

    /// <summary>
    /// The public types that rooms share. Backoff, Quota and RateLimiting are absent on purpose: of all other rooms
    /// they may know nothing but <c>FailureKind</c>, and need not even that.
    /// </summary>
    private static readonly Dictionary<string, string[]> Vocabulary = new()
    {
        // Thrown by another client of this library inside this one, it is an outcome like other exceptions.
        ["Classification"] = ["SendRateLimitedException"],
        ["Configuration"] =
        [
            "AdaptiveRetryOptions", "ClassificationOptions", "FailureRetryOptions", "PartitionKind", "RetryMode",
            "RetryQuotaKind", "RetryQuotaOptions", "SendRateControllerKind", "SendRateOptions", "UnsafeMethodReplay",
        ],
        ["DependencyInjection"] = ["AdaptiveRetryHandler", "AdaptiveRetryOptions", "IAdaptiveRetryMonitor"],
        ["Handler"] =
        [
            "CircuitBreakerOptions", "ClassificationOptions", "FailureRetryOptions", "LoggingOptions",
            "ReplayOptions", "RetryQuotaOptions", "SendRateOptions", "ServerDelayOptions", "OnAdaptiveRetryArguments",
            "OnAdaptiveRetryStopArguments", "PartitionOptions",
        ],
        ["Pipeline"] = ["AdaptiveRetryOptions", "AttemptOutcome", "AttemptVerdict", "BreakerState", "FailureKind"],
        ["Retry"] =
        [
            "AdaptiveRetryOptions", "AttemptOutcome", "AttemptVerdict", "BackoffKind", "FailureKind",
            "FailureRetryOptions", "RetryMode", "RetryQuotaOptions", "SendRateControllerKind",
            "SendRateLimitedException", "TransientCause", "UnsafeMethodReplay",
        ],
        ["State"] = ["AdaptiveRetryOptions", "SendRateControllerKind"],
        ["Telemetry"] = ["AttemptVerdict", "FailureKind", "LimitKind", "LimiterState", "RetryStopReason"],
    };

    private static readonly Dictionary<string, string[]> Exceptions = new()
    {
        // Without dependency injection the constructor puts the parts together.
        ["AdaptiveRetryHandler.cs"] = ["AttemptPipelineSource"],

        // It looks for other handlers, so it belongs to ours, and it has a warning to give.
        ["NestedRetries.cs"] = ["ClientTelemetry"],
    };

    private static readonly RoomRules Rules = new(Arrows, Vocabulary, Exceptions);

    [Test]
    public void Library_Rooms_NameAllowedTypesOnly()
    {
        var forbidden = new RoomDependencies(SourceTree.Library).FindForbidden(Rules).ToList();

        Assert.That(forbidden, Is.Empty, string.Join("\n", forbidden));
    }

    /// <summary>A permission that nobody needs is a hole through which the next one comes.</summary>
    [Test]
    public void Rules_Permissions_AreAllNeeded()
    {
        var unused = new RoomDependencies(SourceTree.Library).FindUnused(Rules).ToList();

        Assert.That(unused, Is.Empty, string.Join("\n", unused));
    }

    /// <summary>The picture for those who want to change the code shows these arrows, and no others.</summary>
    [Test]
    public void Arrows_Picture_ShowsThem()
    {
        var picture = new DocumentPage(".github/CONTRIBUTING.md").Blocks("mermaid").Single();
        var shown = picture.Split('\n').Select(static line => line.Split("-->", StringSplitOptions.TrimEntries))
            .Where(static parts => parts.Length == 2)
            .SelectMany(static parts => parts[1].Split(" & ").Select(to => $"{parts[0]} -> {to}"));

        Assert.That(
            shown,
            Is.EquivalentTo(Arrows.SelectMany(static arrow => arrow.Value.Select(to => $"{arrow.Key} -> {to}"))));
    }

    [TestCase("using RetryHandler.Retry;\nnamespace RetryHandler.Quota;\nclass A { RetryLoop loop; }", 2)]
    [TestCase("using RetryHandler.Retry;\nnamespace RetryHandler.Quota;\nclass A { object a = new RetryLoop(); }", 2)]
    [TestCase("using RetryHandler.Retry;\nnamespace RetryHandler.Quota;\nclass A { void B() => RetryLoop.C(); }", 2)]
    [TestCase("using RetryHandler.Retry;\nnamespace RetryHandler.Quota;\nclass A(RetryLoop loop);", 2)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { RetryHandler.Retry.RetryLoop loop; }", 2)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { Retry.RetryLoop loop; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { RetryMode mode; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { bool B(object a) => a is RetryMode; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { string a = $\"{RetryMode.Legacy}\"; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { double RetryLoop { get; } }", 0)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { void RetryMode(int a) => this.RetryMode(a); }", 0)]
    [TestCase("namespace RetryHandler.Quota;\n/// <see cref=\"RetryMode\"/>\nclass A { string a = \"RetryMode\"; }", 0)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { B b; }", 0)]
    public void FindForbidden_FileOfARoomWithoutArrows_FindsEachOffence(string code, int offences)
    {
        var forbidden = DependenciesOf(code).FindForbidden(RoomRules.Strictest).ToList();

        Assert.That(forbidden, Has.Count.EqualTo(offences), string.Join("\n", forbidden));
    }

    [TestCase("Quota", "Quota/A.cs", 0)]
    [TestCase("State", "Quota/A.cs", 0)]
    [TestCase("Quota", "Quota/C.cs", 0)]
    [TestCase("State", "Quota/C.cs", 2)]
    public void FindForbidden_ArrowOrException_AllowsIt(string room, string file, int offences)
    {
        var rules = RoomRules.Strictest with
        {
            Arrows = new Dictionary<string, string[]> { [room] = ["Retry"] },
            Exceptions = new Dictionary<string, string[]> { [file] = ["RetryLoop"] },
        };
        var dependencies = DependenciesOf(
            "using RetryHandler.Retry;\nnamespace RetryHandler.Quota;\nclass A { RetryLoop loop; }");

        Assert.That(dependencies.FindForbidden(rules).ToList(), Has.Count.EqualTo(offences));
    }

    [Test]
    public void FindUnused_StalePermissions_FindsThem()
    {
        var rules = new RoomRules(
            new Dictionary<string, string[]> { ["Quota"] = ["Retry"] },
            new Dictionary<string, string[]> { ["Quota"] = ["RetryMode"] },
            new Dictionary<string, string[]> { ["Quota/A.cs"] = ["RetryLoop"] });

        Assert.That(
            DependenciesOf("namespace RetryHandler.Quota;\nclass A;").FindUnused(rules).ToList(), Has.Count.EqualTo(3));
    }

    private static RoomDependencies DependenciesOf(string code) => new(
    [
        new SourceFile("Quota/A.cs", code),
        new SourceFile("Quota/B.cs", "namespace RetryHandler.Quota;\ninternal sealed class B;"),
        new SourceFile("Retry/RetryLoop.cs", "namespace RetryHandler.Retry;\ninternal sealed class RetryLoop;"),
        new SourceFile("RetryMode.cs", "namespace RetryHandler;\npublic enum RetryMode { Legacy }"),
    ]);
}
