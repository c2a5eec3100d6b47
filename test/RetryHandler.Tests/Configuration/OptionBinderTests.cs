using System.Globalization;
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

    [TestCase("""{ "Classification": { "ThrottledStatusCodes": [] } }""")]
    [TestCase("""{ "Classification": { "ThrottledStatusCodes": "" } }""")]
    public void Bind_EmptyList_TakesTheDefaultAway(string json) =>
        Assert.That(Bind(json).Classification.ThrottledStatusCodes, Is.Empty);

    [Test]
    public void Bind_ArrayAndValueWithCommas_TheValueWins()
    {
        const string Key = "S:Classification:ThrottledStatusCodes";
        var options = new AdaptiveRetryOptions();

        OptionBinder.Bind(options, new ConfigurationBuilder()
            .AddInMemoryCollection([new(Key + ":0", "430"), new(Key + ":1", "431")])
            .AddInMemoryCollection([new(Key, "432")])
            .Build()
            .GetSection("S"));

        Assert.That(options.Classification.ThrottledStatusCodes, Is.EquivalentTo([432]));
    }

    [Test]
    public void Bind_SpacesAroundNames_AreNoPartOfThem()
    {
        var options = Bind(
            """{ "Mode": " Legacy ", "Classification": { "ThrottlingErrorCodes": [ " Slow " ] } }""");

        Assert.That(options.Mode, Is.EqualTo(RetryMode.Legacy));
        Assert.That(options.Classification.ThrottlingErrorCodes, Is.EquivalentTo(["slow"]).IgnoreCase);
    }

    [Test]
    public void Bind_ForeignCulture_ReadsNumbersAndTimesAllTheSame()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            foreign.NumberFormat.NumberDecimalSeparator = ",";
            foreign.NumberFormat.NumberGroupSeparator = ".";
            CultureInfo.CurrentCulture = foreign;

            var options = Bind("""{ "TotalTimeout": "00:00:00.5", "Quota": { "MaxRatio": 0.5 } }""");

            Assert.That(options.ConfigurationProblems, Is.Empty);
            Assert.That(options.Quota.MaxRatio, Is.EqualTo(0.5));
            Assert.That(options.TotalTimeout, Is.EqualTo(TimeSpan.FromSeconds(0.5)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

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
        "S:ServerDelay:Colour is not a setting; there are Enabled, MaxDelay")]
    [TestCase(
        """{ "Quota": 5 }""",
        "S:Quota (5) is a value where settings were expected; write them as keys below it")]
    [TestCase("5", "S (5) is a value where settings were expected; write them as keys below it")]
    [TestCase(
        """{ "MaxAttempts": { "Transient": 5 } }""",
        "S:MaxAttempts (keys below it) is a section; write one value")]
    [TestCase(
        """{ "Throttled.MaxAttempts": 5 }""",
        "S:Throttled.MaxAttempts is not a setting; write each group as a section of its own")]
    [TestCase(
        """{ "Classification": { "ThrottledStatusCodes": { "Codes": 430 } } }""",
        "S:Classification:ThrottledStatusCodes (keys below it) has a key Codes below it; write an array, or one value "
        + "with commas")]
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
