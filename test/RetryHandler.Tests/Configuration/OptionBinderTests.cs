using System.Text;
using Microsoft.Extensions.Configuration;
using RetryHandler.Configuration;

namespace RetryHandler.Tests.Configuration;

[TestFixture]
internal sealed class OptionBinderTests
{
    [Test]
    public void Bind_Groups_SetsWhatIsBelow()
    {
        var options = Bind("""{ "throttled": { "BASEDELAY": "00:00:02" }, "Quota": { "Capacity": 100 } }""");

        Assert.That(options.ConfigurationProblems, Is.Empty);
        Assert.That(options.Throttled.BaseDelay, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(options.Quota.Capacity, Is.EqualTo(100));
    }

    [TestCase("""{ "Classification": { "ThrottledStatusCodes": [ 429, 430 ] } }""")]
    [TestCase("""{ "Classification": { "ThrottledStatusCodes": "429,430" } }""")]
    public void Bind_List_TakesThePlaceOfTheDefault(string json) =>
        Assert.That(Bind(json).Classification.ThrottledStatusCodes, Is.EquivalentTo([429, 430]));

    [TestCase("""{ "MaxAttempts": null, "Quota": null, "Classification": { "ThrottledStatusCodes": null } }""")]
    [TestCase("""{ "MaxAttempts": "" }""")]
    public void Bind_Nothing_LeavesTheValue(string json)
    {
        var options = Bind(json);

        Assert.That(options.ConfigurationProblems, Is.Empty);
        Assert.That(options.MaxAttempts, Is.Null);
        Assert.That(options.Classification.ThrottledStatusCodes, Has.Count.EqualTo(4));
    }

    [TestCase("""{ "MaxAttempt": 5 }""", "S:MaxAttempt (5) is not a setting; did you mean MaxAttempts?")]
    [TestCase("""{ "Quota": { "Capasity": 5 } }""", "S:Quota:Capasity (5) is not a setting; did you mean Capacity?")]
    [TestCase(
        """{ "Quotas": { "Capacity": 5 } }""", "S:Quotas (keys below it) is not a setting; did you mean Quota?")]
    [TestCase(
        """{ "ServerDelay": { "Colour": "red" } }""",
        "S:ServerDelay:Colour (red) is not a setting; there are Enabled, MaxDelay")]
    [TestCase(
        """{ "Quota": 5 }""",
        "S:Quota (5) is a value where settings were expected; write them as keys below it")]
    [TestCase("5", "S (5) is a value where settings were expected; write them as keys below it")]
    [TestCase(
        """{ "MaxAttempts": { "Transient": 5 } }""",
        "S:MaxAttempts (keys below it) has no value but keys below it; write one value")]
    public void Bind_UnknownKey_SaysKeyValueAndRemedy(string json, string problem) =>
        Assert.That(Bind(json).ConfigurationProblems, Is.EqualTo([problem]));

    [Test]
    public void Bind_ManyFaults_AllAreToldAtOnceWithThoseOfValidation()
    {
        var options = Bind("""{ "Mode": "fast", "Retries": 3, "MaxAttempts": 0, "TotalTimeout": "1" }""");

        Assert.That(OptionRules.Check("orders", options), Has.Count.EqualTo(4));
    }

    private static AdaptiveRetryOptions Bind(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "S": {{json}} }"""));
        var options = new AdaptiveRetryOptions();
        OptionBinder.Bind(options, new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("S"));
        return options;
    }
}
