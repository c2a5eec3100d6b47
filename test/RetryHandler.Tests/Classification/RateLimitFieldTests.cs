using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>The three generations of the IETF's field, and what a malformed one must not do.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class RateLimitFieldTests
{
    [TestCase("\"default\";r=0;t=5", 5.0)]
    [TestCase("\"default\" ; r=0 ; t=5", 5.0)]
    [TestCase("default;r=0;t=5", 5.0)]
    [TestCase("\"burst\";r=0;t=5,\"daily\";r=412;t=40000", 5.0)]
    [TestCase("\"burst\";r=0;t=5,\"hour\";r=0;t=400", 400.0)]
    [TestCase("\"a,b;r=9\";r=0;t=5", 5.0)]
    [TestCase("\"default\";r=1;t=5", null)]
    [TestCase("\"default\";r=0", null)]
    [TestCase("\"default\";r=0;t=-5", null)]
    [TestCase("limit=100, remaining=0, reset=5", 5.0)]
    [TestCase("limit=100, remaining=1, reset=5", null)]
    [TestCase("\"default\";a=0;w=5", 5.0)]
    [TestCase("\"default\";w=60;r=0;t=5", 5.0)]
    [TestCase("\"default;r=0;t=5", null)]
    [TestCase("", null)]
    [TestCase(",,;;==", null)]
    public void Read_Field_IsTheDelayOfWhatIsUsedUp(string field, double? seconds) => Assert.That(
        RateLimitField.Read(field, null).From(default)?.TotalSeconds, Is.EqualTo(seconds));

    [Test]
    public void Read_ViolatedPolicy_CountsThoughSomethingRemains() => Assert.That(
        RateLimitField.Read("\"burst\";r=1;t=5,\"hour\";r=9;t=400", ["burst"]).From(default),
        Is.EqualTo(TimeSpan.FromSeconds(5)));
}
