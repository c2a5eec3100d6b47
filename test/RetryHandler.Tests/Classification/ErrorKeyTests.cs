using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Each name that error bodies use has its meaning, in every spelling of its words.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ErrorKeyTests
{
    private const KeyRoles Any = KeyRoles.Container | KeyRoles.Code | KeyRoles.Message;

    private static readonly (string Words, KeyRoles Roles, KeyName Name)[] Meanings =
    [
        ("error err odata.error", Any, KeyName.Error),
        ("errors", Any, KeyName.Errors),
        ("extensions", KeyRoles.Container, KeyName.Extensions),
        ("response", KeyRoles.Container, KeyName.Response),
        ("json", KeyRoles.Container, KeyName.Json),
        ("fault exception reason", Any, KeyName.Other),
        ("cause causes root_cause", Any, KeyName.Cause),
        ("inner_error", KeyRoles.Container, KeyName.Cause),
        ("details detail message", KeyRoles.Container | KeyRoles.Message, KeyName.Other),
        ("error_response response_status violations envelope body message_xml error_details",
            KeyRoles.Container, KeyName.Other),
        ("operation_errors operation_error ad_api_error", KeyRoles.Container, KeyName.Other),
        ("api_fault_detail exceeded_request_limit_fault", KeyRoles.Container, KeyName.Other),
        ("code error_code err_code fault_code response_code sub_code",
            KeyRoles.Container | KeyRoles.Code, KeyName.Other),
        ("type .tag error_type error_name error_class exception_class code_name policy_name error_labels",
            KeyRoles.Code, KeyName.Other),
        ("status_code http_status error_status ret_code return_code err_no", KeyRoles.Code, KeyName.Other),
        ("title error_summary", KeyRoles.Code | KeyRoles.Message, KeyName.Other),
        ("name", KeyRoles.OuterCode, KeyName.Other),
        ("id category", KeyRoles.NestedCode, KeyName.Other),
        ("status", KeyRoles.Container | KeyRoles.Code, KeyName.Status),
        ("error_message error_msg", KeyRoles.Message, KeyName.ErrorMessage),
        ("msg err_msg ret_msg error_text description error_description fault_string error_messages text",
            KeyRoles.Message, KeyName.Other),
        ("data result", KeyRoles.None, KeyName.Data),
        ("request_id trace_id log_id rid time timestamp ts server_time hint @attributes documentation", KeyRoles.None,
            KeyName.Incidental),
        ("documentation_url docs link", KeyRoles.None, KeyName.Incidental),
        ("ok success", KeyRoles.None, KeyName.Success),
        ("json_rpc", KeyRoles.None, KeyName.JsonRpc),
        ("meta", KeyRoles.None, KeyName.Meta),
        ("parameters metadata context rate_limit cost", KeyRoles.None, KeyName.Aside),
        ("retry_after retry_after_seconds retry_in_seconds retry_after_in_seconds retry_in retry_after_sec",
            KeyRoles.None, KeyName.RetryAfter),
        ("retry_delay retry_at wait_seconds estimated_time rate_limit_next", KeyRoles.None, KeyName.RetryAfter),
        ("retry_after_ms retry_after_millis retry_after_milliseconds retry_in_ms retry_delay_ms", KeyRoles.None,
            KeyName.RetryAfterMilliseconds),
        ("backoff_milliseconds", KeyRoles.None, KeyName.RetryAfterMilliseconds),
        ("quota_id quota_limit", KeyRoles.None, KeyName.QuotaId),
        ("violated_policies", KeyRoles.None, KeyName.ViolatedPolicies),
        ("durability", KeyRoles.None, KeyName.Durability),
        ("requested_query_cost", KeyRoles.None, KeyName.RequestedCost),
        ("currently_available", KeyRoles.None, KeyName.AvailableCost),
        ("restore_rate", KeyRoles.None, KeyName.RestoreRate),
        ("default user items default_value", KeyRoles.None, KeyName.Other),
    ];

    [TestCaseSource(nameof(Names))]
    public void From_Name_HasItsMeaning(string words, object roles, object name)
    {
        var expected = ((KeyName)name, (KeyRoles)roles);
        string[] spellings =
        [
            words, words.Replace('_', '-'), words.Replace("_", "", StringComparison.Ordinal), words.ToUpperInvariant(),
            "o:" + words, "a:b:" + words,
        ];

        Assert.That(spellings.Select(Read), Is.All.EqualTo(expected));
    }

    [TestCase("xretry_after")]
    [TestCase("errorx")]
    [TestCase("error message")]
    [TestCase("")]
    [TestCase("fault:")]
    [TestCase("defaultx")]
    public void From_OtherName_IsData(string name) =>
        Assert.That(Read(name), Is.EqualTo((KeyName.Other, KeyRoles.None)));

    [Test]
    public void From_AwsType_IsACodeAsItStandsThere()
    {
        Assert.That(Read("__type"), Is.EqualTo((KeyName.AwsType, KeyRoles.Code)));
        Assert.That(Read("__Type"), Is.EqualTo((KeyName.Other, KeyRoles.Code)), "any other spelling is the usual one");
    }

    [TestCase(40, KeyRoles.Container, Description = "the longest that is looked at")]
    [TestCase(41, KeyRoles.None)]
    public void From_LongName_IsData(int length, object roles) =>
        Assert.That(Read("fault".PadLeft(length, 'x')).Roles, Is.EqualTo(roles));

    public static IEnumerable<TestCaseData> Names() =>
        from meaning in Meanings
        from word in meaning.Words.Split(' ')
        select new TestCaseData(word, meaning.Roles, meaning.Name).SetArgDisplayNames(word);

    private static (KeyName Name, KeyRoles Roles) Read(string name)
    {
        var key = ErrorKey.From(Encoding.UTF8.GetBytes(name));
        return (key.Name, key.Roles);
    }
}
