using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using RetryHandler.Configuration;

namespace RetryHandler.Tests.Configuration;

/// <summary>Every option: its default, the edges of its range, a value that is not allowed, and what is said of it.</summary>
[TestFixture]
internal sealed class OptionTableTests
{
    private const string Whole = "is not a whole number; write for example 3";
    private const string Number = "is not a number; write for example 0.5";
    private const string Time = "is not a time; write 00:00:30 for 30 seconds, 00:00:00.050 for 50 milliseconds";
    private const string Flag = "is not true or false";
    private const string Million = "must be between 0 and 1000000";
    private const string Day = "must be between 00:00:00 and 1.00:00:00";
    private const string PositiveDay = "must be above 00:00:00 and at most 1.00:00:00";
    private const string Level = "must be one of Trace, Debug, Information, Warning, Error, Critical, None";

    private static IEnumerable<OptionRow> Rows =>
    [
        new("Mode", "Adaptive", "adaptive", "LEGACY", "fast", "must be one of Adaptive, Standard, Legacy"),
        new("MaxAttempts", null, "1", "100", "0", "must be between 1 and 100"),
        new("AttemptTimeout", null, "00:00:00.0000001", "1.00:00:00", "00:00:00", PositiveDay),
        new("TotalTimeout", null, "00:00:00.0000001", "1.00:00:00", "1.00:00:01", PositiveDay),
        .. Failure("Transient"),
        .. Failure("TransientTimeout"),
        .. Failure("TransientNetwork"),
        .. Failure("TransientServerError"),
        .. Failure("Throttled"),
        new("Quota.Enabled", null, "true", "False", "yes", Flag),
        new("Quota.Kind", "TokenBucket", "tokenBucket", "Ratio", "1", "must be one of TokenBucket, Ratio"),
        new("Quota.Capacity", "500", "0", "1000000", "-1", Million),
        new("Quota.TransientCost", "14", "0", "500", "-1", Million),
        new("Quota.TimeoutCost", null, "0", "500", "-1", Million),
        new("Quota.NetworkCost", null, "0", "500", "-1", Million),
        new("Quota.ServerErrorCost", null, "0", "500", "-1", Million),
        new("Quota.ThrottledCost", null, "0", "500", "-1", Million),
        new("Quota.FirstTryRefund", "1", "0", "1000000", "1000001", Million),
        new("Quota.RefillPerMinute", "0", "0", "1000000", "NaN", Million),
        new("Quota.MaxRatio", "0.2", "0.001", "10", "0", "must be above 0 and at most 10"),
        new("Quota.MinRetriesPerSecond", "1", "0", "1000000", "-0.1", Million),
        new("SendRate.Enabled", null, "true", "false", "1", Flag),
        new("SendRate.Controller", "Probing", "cubic", "Probing", "2", "must be one of Probing, Cubic"),
        new("SendRate.MinRate", null, "0.001", "1000000", "0", "must be above 0 and at most 1000000"),
        new("SendRate.MaxRate", null, "0.5", "1000000", "Infinity", "must be above 0 and at most 1000000"),
        new("SendRate.FollowPublishedBudget", "True", "false", "true", "1", Flag),
        new("SendRate.InitialRate", null, "0.001", "1000000", "0", "must be above 0 and at most 1000000"),
        new("SendRate.MaxWait", null, "00:00:00", "1.00:00:00", "-00:00:01", Day),
        new("SendRate.QueueLimit", null, "0", "2147483647", "-1", "must be between 0 and 2147483647"),
        new("Classification.ThrottledStatusCodes", "420, 429, 509, 529", "400", "599, 429", "399",
            "must hold status codes between 400 and 599"),
        new("Classification.TransientStatusCodes", "408, 423, 425, 449, 500, 502, 503, 504, 520, 521, 522, 523, 524",
            "400", "599", "600", "must hold status codes between 400 and 599"),
        new("Classification.ThrottlingErrorCodes", "", "Slow", "Slow, Slower", null, ""),
        new("Classification.TransientErrorCodes", "", "Down", "Down, Out", null, ""),
        new("Classification.MaxErrorBodyBytes", "4096", "0", "65536", "65537", "must be between 0 and 65536"),
        new("Classification.ErrorBodyTimeout", "00:00:01", "00:00:00.0000001", "00:01:00", "00:01:01",
            "must be above 00:00:00 and at most 00:01:00"),
        new("Classification.InspectSuccessBodies", "False", "true", "false", "on", Flag),
        new("Partition.Kind", "None", "authority", "None", "Host", "must be one of None, Authority"),
        new("Partition.MaxPartitions", "1000", "1", "1000000", "0", "must be between 1 and 1000000"),
        new("Partition.IdleTimeout", "00:10:00", "00:00:00.0000001", "1.00:00:00", "00:00:00", PositiveDay),
        new("CircuitBreaker.Enabled", "False", "true", "false", "on", Flag),
        new("CircuitBreaker.FailureRatio", "0.5", "0.001", "1", "1.1", "must be above 0 and at most 1"),
        new("CircuitBreaker.MinimumThroughput", "100", "2", "1000000", "1", "must be between 2 and 1000000"),
        new("CircuitBreaker.SamplingDuration", "00:00:30", "00:00:00.5", "1.00:00:00", "00:00:00.4",
            "must be between 00:00:00.5000000 and 1.00:00:00"),
        new("CircuitBreaker.BreakDuration", "00:00:05", "00:00:00.5", "1.00:00:00", "00:00:00.4",
            "must be between 00:00:00.5000000 and 1.00:00:00"),
        new("CircuitBreaker.CountThrottled", "False", "true", "false", "on", Flag),
        new("ServerDelay.Enabled", "True", "true", "false", "on", Flag),
        new("ServerDelay.MaxDelay", "00:01:00", "00:00:00", "1.00:00:00", "2.00:00:00", Day),
        new("Replay.UnsafeMethods", "WhenNotProcessed", "always", "never", "Sometimes",
            "must be one of WhenNotProcessed, Never, Always"),
        new("Replay.MaxBufferedBytes", "65536", "0", "2147483647", "-1", "must be between 0 and 2147483647"),
        new("Logging.Retry", "Information", "trace", "none", "loud", Level),
        new("Logging.GaveUp", "Warning", "trace", "none", "loud", Level),
        new("Logging.Change", "Information", "trace", "none", "loud", Level),
        new("Logging.Detail", "Debug", "trace", "none", "loud", Level),
    ];

    private static IEnumerable<TestCaseData> Cases => Rows.Select(
        static row => new TestCaseData(row).SetArgDisplayNames(row.Path));

    [TestCaseSource(nameof(Cases))]
    public void Option_NotConfigured_HasItsDefault(OptionRow row) =>
        Assert.That(OptionTable.ByPath[row.Path].Show(new AdaptiveRetryOptions()), Is.EqualTo(row.Default));

    [TestCaseSource(nameof(Cases))]
    public void Option_LowerEdge_IsAllowed(OptionRow row) => AssertAllowed(row, row.LowerEdge);

    [TestCaseSource(nameof(Cases))]
    public void Option_UpperEdge_IsAllowed(OptionRow row) => AssertAllowed(row, row.UpperEdge);

    [TestCaseSource(nameof(Cases))]
    public void Option_NotAllowed_SaysKeyValueAndRemedy(OptionRow row)
    {
        if (row.NotAllowed is not { } value)
        {
            return; // Every text is an error code.
        }

        var problems = OptionRules.Check("orders", Bind(row.Path, value));

        Assert.That(problems, Has.Count.EqualTo(1));
        Assert.That(problems[0], Does.StartWith("HttpClient 'orders': "));
        Assert.That(problems[0], Does.Contain(row.Path).Or.Contain(row.Path.Replace('.', ':')));
        Assert.That(problems[0], Does.Contain($"{row.Remedy}.").And.Contain("("));
    }

    [TestCase("MaxAttempts", "three", Whole)]
    [TestCase("MaxAttempts", "3.5", Whole)]
    [TestCase("Quota.MaxRatio", "a fifth", Number)]
    [TestCase("Quota.MaxRatio", "0,2", Number)]
    [TestCase("TotalTimeout", "30", Time)]
    [TestCase("TotalTimeout", "30s", Time)]
    [TestCase("Mode", "2", "must be one of Adaptive, Standard, Legacy")]
    [TestCase("Mode", "Adaptive, Standard", "must be one of Adaptive, Standard, Legacy")]
    [TestCase("TotalTimeout", "24:00:00", PositiveDay)]
    [TestCase("Quota.MaxRatio", "NaN", "must be above 0 and at most 10")]
    [TestCase("Classification.ThrottledStatusCodes", "429, many", "holds 'many', which is not a whole number; "
        + "write for example 3")]
    public void Option_NotReadable_SaysKeyValueAndRemedy(string path, string value, string remedy) => Assert.That(
        OptionRules.Check("orders", Bind(path, value)),
        Is.EqualTo([$"HttpClient 'orders': Section:{path.Replace('.', ':')} ({value}) {remedy}."]));

    /// <summary>What code sets is held to the same range as what a configuration says.</summary>
    [TestCaseSource(nameof(Cases))]
    public void Option_NotAllowedByCode_SaysPropertyValueAndRemedy(OptionRow row)
    {
        var options = new AdaptiveRetryOptions();
        if (!TrySet(options, row))
        {
            return; // Such a value does not compile.
        }

        Assert.That(
            OptionRules.Check("orders", options),
            Has.Exactly(1).Matches("^HttpClient 'orders': " + Regex.Escape(row.Path) + @" \(.*\) .*"
                + Regex.Escape(row.Remedy) + @"\.$"));
    }

    /// <summary>A new option can't be forgotten here, nor in the table that binds and validates.</summary>
    [Test]
    public void Table_AllOptions_AreInItAndUnderTest()
    {
        var table = OptionTable.All.Select(static option => option.Path).ToList();

        Assert.That(table, Is.Unique);
        Assert.That(table, Is.EquivalentTo(Settable(typeof(AdaptiveRetryOptions), string.Empty)));
        Assert.That(Rows.Select(static row => row.Path), Is.EquivalentTo(table));
    }

    private static IEnumerable<OptionRow> Failure(string name) =>
    [
        new($"{name}.MaxAttempts", null, "1", "100", "101", "must be between 1 and 100"),
        new($"{name}.BaseDelay", null, "00:00:00", "00:00:20", "-00:00:01", Day),
        new($"{name}.MaxDelay", null, "00:00:00", "1.00:00:00", "1.00:00:01", Day),
        new($"{name}.MinDelay", null, "00:00:00", "00:00:20", "-00:00:01", Day),
        new($"{name}.Backoff", null, "linear", "Adaptive", "fast",
            "must be one of Exponential, Linear, Constant, Adaptive"),
        new($"{name}.Jitter", null, "full", "None", "some", "must be one of Full, Equal, None"),
    ];

    private static void AssertAllowed(OptionRow row, string value)
    {
        var options = Bind(row.Path, value);
        if (row.Path == "SendRate.MinRate")
        {
            options.SendRate.MaxRate = null;
        }

        Assert.That(OptionRules.Check("orders", options), Is.Empty);
        var shown = OptionTable.ByPath[row.Path].Show(options)!;
        Assert.That(
            TimeSpan.TryParse(value, out var time) && value.Contains(':') ? $"{time}" : value,
            Is.EqualTo(shown).IgnoreCase);
    }

    private static AdaptiveRetryOptions Bind(string path, string value)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Section:" + path.Replace('.', ':'), value)])
            .Build();
        var options = new AdaptiveRetryOptions();
        OptionBinder.Bind(options, configuration.GetSection("Section"));
        return options;
    }

    /// <summary>Sets a property to the value that is not allowed, or an enum to a number without a name.</summary>
    private static bool TrySet(AdaptiveRetryOptions options, OptionRow row)
    {
        object owner = options;
        var names = row.Path.Split('.');
        foreach (var name in names[..^1])
        {
            owner = owner.GetType().GetProperty(name)!.GetValue(owner)!;
        }

        var property = owner.GetType().GetProperty(names[^1])!;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.GetValue(owner) is ISet<int> statuses)
        {
            return statuses.Add(int.Parse(row.NotAllowed!, CultureInfo.InvariantCulture));
        }

        object? value =
            type.IsEnum ? Enum.ToObject(type, 99)
            : type == typeof(TimeSpan) ? TimeSpan.Parse(row.NotAllowed!, CultureInfo.InvariantCulture)
            : type == typeof(int) || type == typeof(double)
                ? Convert.ChangeType(row.NotAllowed, type, CultureInfo.InvariantCulture)
            : null;
        if (value is null)
        {
            return false;
        }

        property.SetValue(owner, value);
        return true;
    }

    /// <summary>Finds what can be written in a configuration: values and sets of values, in groups.</summary>
    private static IEnumerable<string> Settable(Type type, string prefix) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property =>
            property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
                ? Settable(property.PropertyType, $"{prefix}{property.Name}.")
            : IsWritten(property) ? [prefix + property.Name]
            : []);

    private static bool IsWritten(PropertyInfo property) => property.CanWrite
        ? !typeof(Delegate).IsAssignableFrom(property.PropertyType)
        : property.PropertyType.IsGenericType
            && property.PropertyType.GetGenericArguments()[0] is var item
            && (item.IsPrimitive || item == typeof(string))
            && typeof(IEnumerable).IsAssignableFrom(property.PropertyType);
}
