namespace RetryHandler.Tests.Conformance;

/// <summary>The vectors that do not apply to a general HTTP handler, each with the reason.</summary>
internal static class ExcludedVectors
{
    /// <summary>Keys, and keys of whole groups, to reasons.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["constants.standard_2_1.dynamodb"] =
            "Defaults of one AWS service. The scenario 21-dynamodb runs with them as options.",
        ["cubic.cubic-success-2-divergent-go-rust"] =
            "Marked do_not_use_as_conformance: an artefact of the Go and Rust unit tests, not of any product code.",
        ["cubic.t0-equals-beta-decrease[0]"] =
            "Beta 0.6: here as in every SDK's product code beta is the constant 0.7. The twin with 0.7 runs.",
        ["token_bucket.botocore-nonblocking-too-big"] =
            "Acquires 100 tokens in one piece; an attempt takes exactly one, so a bucket can't be too small.",
        ["standard_2_1.20-rust-retry-after-capped"] =
            "Rust before 2026 cut a Retry-After of 30 s to 20 s and returned too early. Here a delay is honoured in "
            + "full or ends the retries (ServerDelayOptions.MaxDelay).",
        ["adaptive_mode_integration.rust-ddb-throttled-20"] =
            "Shows a flaw of Rust before 2026: a retry took 5 to 10 send tokens from a bucket that holds 1.",
        ["adaptive_mode_integration.net-no-capacity"] =
            "Counts the 14 rounds of a polling loop of the .NET SDK. Waiters here are woken once; "
            + "SendRateOptions.MaxWait bounds the wait.",
        ["classification.bare_429.aws_list_behaviour"] =
            "Five SDKs ignore the status 429 without a listed code, because AWS always sends one. Other upstreams send "
            + "the status alone (RFC 6585, section 4), so the JavaScript and Ruby behaviour applies.",
        ["classification.not_retryable[0]"] =
            "A bare 408 is transient here: RFC 9110, section 15.5.9, lets the client repeat the request.",
        ["classification.dynamodb_crc32[1]"] =
            "A checksum of one AWS service over a success body; success bodies are never touched.",
        ["retry_after_js[7]"] =
            "The order of two headers with different names means nothing (RFC 9110, section 5.3); both are honoured.",
        ["request_headers"] =
            "Headers that AWS services evaluate (attempt numbers, clock skew, user agent). A handler for any upstream "
            + "adds none.",
    };

    public static string? ReasonFor(Vector vector) =>
        Reasons.Where(reason => vector.IsAtOrUnder(reason.Key)).Select(static reason => reason.Value).FirstOrDefault();
}
