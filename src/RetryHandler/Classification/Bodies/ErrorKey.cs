namespace RetryHandler.Classification;

/// <summary>A name in an error body, in any of the spellings of its words: errorCode, error_code, ErrorCode.</summary>
internal readonly record struct ErrorKey(KeyName Name, KeyRoles Roles)
{
    private const KeyRoles Any = KeyRoles.Container | KeyRoles.Code | KeyRoles.Message;

    private const int MaxLength = 40;

    public static ErrorKey From(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("__type"u8))
        {
            return new(KeyName.AwsType, KeyRoles.Code);
        }

        // A prefix, as in NetSuite's "o:errorCode", tells where the word was defined.
        name = name[(name.LastIndexOf((byte)':') + 1)..];
        Span<char> word = stackalloc char[MaxLength];
        var length = 0;
        foreach (var b in name)
        {
            if (b is (byte)'_' or (byte)'-')
            {
                continue;
            }

            if (length == MaxLength)
            {
                return default;
            }

            word[length++] = char.ToLowerInvariant((char)b);
        }

        return Find(word[..length]);
    }

    private static ErrorKey Find(ReadOnlySpan<char> word) => word switch
    {
        "error" or "odata.error" or "err" => new(KeyName.Error, Any),
        "errors" => new(KeyName.Errors, Any),
        "extensions" => new(KeyName.Extensions, KeyRoles.Container),
        "response" => new(KeyName.Response, KeyRoles.Container),
        "json" => new(KeyName.Json, KeyRoles.Container),
        "fault" or "exception" or "reason" => new(default, Any),
        "cause" or "causes" or "rootcause" => new(KeyName.Cause, Any),
        "details" or "detail" or "message" => new(default, KeyRoles.Container | KeyRoles.Message),
        "innererror" => new(KeyName.Cause, KeyRoles.Container),
        "errorresponse" or "responsestatus" or "violations" or "envelope" or "body" or "messagexml"
            or "errordetails" or "operationerrors" or "operationerror" or "adapierror" =>
            new(default, KeyRoles.Container),
        "code" or "errorcode" or "errcode" or "faultcode" or "responsecode" or "subcode" =>
            new(default, KeyRoles.Container | KeyRoles.Code),
        "type" or ".tag" or "errortype" or "errorname" or "errorclass" or "exceptionclass" or "codename" or "policyname"
            or "errorlabels" or "statuscode" or "httpstatus" or "errorstatus" or "retcode" or "returncode" or "errno" =>
            new(default, KeyRoles.Code),
        "title" or "errorsummary" => new(default, KeyRoles.Code | KeyRoles.Message),
        "name" => new(default, KeyRoles.OuterCode),
        "id" or "category" => new(default, KeyRoles.NestedCode),
        "status" => new(KeyName.Status, KeyRoles.Container | KeyRoles.Code),
        "errormessage" or "errormsg" => new(KeyName.ErrorMessage, KeyRoles.Message),
        "msg" or "errmsg" or "retmsg" or "errortext" or "description" or "errordescription" or "faultstring"
            or "errormessages" or "text" => new(default, KeyRoles.Message),

        // SOAP's details name the fault in the element: ApiFaultDetail, exceededRequestLimitFault.
        not "default" when word.EndsWith("fault") || word.EndsWith("faultdetail") =>
            new(default, KeyRoles.Container),
        _ => FindOther(word),
    };

    private static ErrorKey FindOther(ReadOnlySpan<char> word) => new(
        word switch
        {
            "data" or "result" => KeyName.Data,
            "requestid" or "traceid" or "logid" or "rid" or "time" or "timestamp" or "ts" or "servertime" or "hint"
                or "@attributes" or "documentation" or "documentationurl" or "docs" or "link" => KeyName.Incidental,
            "ok" or "success" => KeyName.Success,
            "jsonrpc" => KeyName.JsonRpc,
            "meta" => KeyName.Meta,
            "parameters" or "metadata" or "context" or "ratelimit" or "cost" => KeyName.Aside,
            "retryafter" or "retryafterseconds" or "retryinseconds" or "retryafterinseconds" or "retryin"
                or "retryaftersec" or "retrydelay" or "retryat" or "waitseconds" or "estimatedtime"
                or "ratelimitnext" => KeyName.RetryAfter,
            "retryafterms" or "retryaftermillis" or "retryaftermilliseconds" or "retryinms" or "retrydelayms"
                or "backoffmilliseconds" => KeyName.RetryAfterMilliseconds,
            "quotaid" or "quotalimit" => KeyName.QuotaId,
            "violatedpolicies" => KeyName.ViolatedPolicies,
            "durability" => KeyName.Durability,
            "requestedquerycost" => KeyName.RequestedCost,
            "currentlyavailable" => KeyName.AvailableCost,
            "restorerate" => KeyName.RestoreRate,
            _ => KeyName.Other,
        },
        KeyRoles.None);
}
