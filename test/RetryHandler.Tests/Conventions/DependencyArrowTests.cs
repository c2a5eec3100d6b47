namespace RetryHandler.Tests.Conventions;

/// <summary>Each folder of the library is a room that knows only the rooms below it.</summary>
public sealed class DependencyArrowTests
{
    /// <summary>By room: the rooms whose internal types it may name. A room that is missing here names none.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["DependencyInjection"] = ["Handler", "Retry", "State"],
        ["Handler"] = ["Retry", "State"],
        ["Pipeline"] = ["Handler", "Retry", "State"],
        ["Retry"] = ["Backoff", "Classification", "Quota", "RateLimiting", "Replay", "Telemetry"],
        ["State"] = ["Quota", "RateLimiting"],
        ["Telemetry"] = ["RateLimiting"],
    };

    /// <summary>
    /// By room: the public types of other rooms that it may name. Backoff, Quota and RateLimiting are absent on
    /// purpose: of all other rooms they may know nothing but <c>FailureKind</c>, and need not even that.
    /// </summary>
    private static readonly Dictionary<string, string[]> Vocabulary = new()
    {
        ["DependencyInjection"] = ["AdaptiveRetryHandler", "AdaptiveRetryOptions"],
        ["Handler"] =
        [
            "AttemptOutcome", "ClassificationOptions", "FailureRetryOptions", "ReplayOptions", "RetryQuotaOptions",
            "SendRateOptions", "ServerDelayOptions",
        ],
        ["Pipeline"] = ["AdaptiveRetryOptions", "AttemptOutcome"],
        ["Replay"] = ["AdaptiveRetryInfo"],
        ["Retry"] =
        [
            "AdaptiveRetryOptions", "AttemptOutcome", "AttemptVerdict", "FailureKind", "FailureRetryOptions",
            "RetryMode", "SendRateLimitedException", "TransientCause", "UnsafeMethodReplay",
        ],
        ["State"] = ["AdaptiveRetryOptions", "RetryQuotaOptions", "SendRateOptions"],
        ["Telemetry"] = ["AttemptVerdict", "FailureKind", "RetryStopReason"],
    };

    [Test]
    public void Library_Rooms_NameAllowedTypesOnly() =>
        Assert.That(new RoomDependencies(SourceTree.Library).FindForbidden(Arrows, Vocabulary), Is.Empty);

    /// <summary>A permission that nobody needs is a hole through which the next one comes.</summary>
    [Test]
    public void Maps_Entries_AreAllNeeded() =>
        Assert.That(new RoomDependencies(SourceTree.Library).FindUnused(Arrows, Vocabulary), Is.Empty);

    [TestCase("using RetryHandler.Retry;\nnamespace RetryHandler.Quota;\nclass A { RetryLoop loop; }", 2)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { RetryHandler.Retry.RetryLoop loop; }", 2)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { Retry.RetryLoop loop; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { RetryMode mode; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { string a = $\"{RetryMode.Legacy}\"; }", 1)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { double RetryLoop { get; } }", 0)]
    [TestCase("namespace RetryHandler.Quota;\n/// <see cref=\"RetryMode\"/>\nclass A { string a = \"RetryMode\"; }", 0)]
    [TestCase("namespace RetryHandler.Quota;\nclass A { B b; }", 0)]
    public void FindForbidden_FileOfARoomWithoutArrows_FindsEachOffence(string code, int offences)
    {
        SourceFile[] files =
        [
            new("Quota/A.cs", code),
            new("Quota/B.cs", "namespace RetryHandler.Quota;\ninternal sealed class B;"),
            new("Retry/RetryLoop.cs", "namespace RetryHandler.Retry;\ninternal sealed class RetryLoop;"),
            new("RetryMode.cs", "namespace RetryHandler;\npublic enum RetryMode { Legacy }"),
        ];

        var forbidden = new RoomDependencies(files).FindForbidden(
            new Dictionary<string, string[]>(), new Dictionary<string, string[]>());

        Assert.That(forbidden.ToList(), Has.Count.EqualTo(offences));
    }

    [Test]
    public void FindUnused_StaleEntry_FindsIt()
    {
        SourceFile[] files = [new("Quota/A.cs", "namespace RetryHandler.Quota;\ninternal sealed class A;")];

        var unused = new RoomDependencies(files).FindUnused(
            new Dictionary<string, string[]> { ["Quota"] = ["Retry"] },
            new Dictionary<string, string[]> { ["Quota"] = ["RetryMode"] });

        Assert.That(unused.ToList(), Has.Count.EqualTo(2));
    }
}
