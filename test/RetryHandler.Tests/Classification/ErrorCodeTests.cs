using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What is cut off a code, and what is none.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class ErrorCodeTests
{
    private static readonly string Long = new('a', ErrorCode.MaxLength);

    // Codes that must be met as a whole show what is cut off.
    [TestCase("maxlag")]
    [TestCase(" maxlag ")]
    [TestCase("MAX-LAG")]
    [TestCase("maxlag:5")]
    [TestCase("com.example#maxlag")]
    [TestCase("com.example#maxlag:http://example.test/")]
    [TestCase("http://example.test/problems/maxlag")]
    [TestCase("https://example.test/problems#maxlag")]
    [TestCase("urn:example:maxlag")]
    public void Read_CodeInItsPlace_IsCutOut(string code) =>
        Assert.That(ErrorCode.Read(code, Settings()).Has(CodeSigns.Throttling));

    [TestCase("a maxlag")]
    [TestCase("maxlag is too long for us")]
    [TestCase("maxl\u00e4g")]
    [TestCase("")]
    public void Read_SomethingElse_IsNoThrottle(string code) =>
        Assert.That(ErrorCode.Read(code, Settings()).Has(CodeSigns.Throttling), Is.False);

    [TestCase("none", true)]
    [TestCase("some thing", false, Description = "a sentence")]
    [TestCase("E0000047", false, Description = "a number")]
    [TestCase("no", false, Description = "too short")]
    [TestCase("error", false, Description = "says nothing")]
    [TestCase("maxlag", false, Description = "says something else")]
    public void Read_UnknownWord_IsAnotherReason(string code, bool isOther) =>
        Assert.That(ErrorCode.Read(code, Settings()).Has(CodeSigns.Other), Is.EqualTo(isOther));

    [Test]
    public void Read_CodeOfTheUser_IsKnownUpToTheGreatestLength()
    {
        var settings = Settings(Long, "", "-", "sub:code", "x");

        Assert.That(ErrorCode.Read(Long, settings).Has(CodeSigns.UserThrottling));
        Assert.That(ErrorCode.Read(Long + "a", settings).Has(CodeSigns.UserThrottling), Is.False);
        Assert.That(ErrorCode.Read(string.Empty, settings), Is.EqualTo(CodeSigns.None));
        Assert.That(ErrorCode.Read("sub:code", settings).Has(CodeSigns.UserThrottling), "with what is cut off");
        Assert.That(ErrorCode.Read("x:5", settings).Has(CodeSigns.UserThrottling), "and without");
    }

    [TestCase("429", true)]
    [TestCase("430", false)]
    public void Read_Number_SpeaksForItselfOnlyWhenItIs429(string number, bool isThrottle) => Assert.That(
        ErrorCode.Read(ScalarKind.Number, Encoding.ASCII.GetBytes(number), Settings()).Has(CodeSigns.Throttling),
        Is.EqualTo(isThrottle));

    [Test]
    public void Read_NumberOfTheUser_IsKnown() => Assert.That(
        ErrorCode.Read(ScalarKind.Number, "430"u8, Settings("430")), Is.EqualTo(CodeSigns.UserThrottling));

    private static ClassificationSettings Settings(params string[] codes)
    {
        var options = new ClassificationOptions();
        foreach (var code in codes)
        {
            options.ThrottlingErrorCodes.Add(code);
        }

        return new ClassificationSettings(options);
    }
}
