using System.Net.Http.Headers;

namespace RetryHandler.Classification;

/// <summary>
/// The ordered rules for error responses. What must not be repeated comes before what may, and codes come before the
/// status: a 400 may be a throttle, a 429 may be a lock, a full disk or an empty account.
/// </summary>
internal static class ResponseRules
{
    public static Judgement Judge(in ResponseFacts facts) =>
        JudgeUserCodes(facts)
        ?? GrpcRules.Judge(facts.Headers)
        ?? QuotaRules.Judge(facts)
        ?? JudgeRefusals(facts)
        ?? JudgeTransientCodes(facts)
        ?? JudgeThrottlingCodes(facts)
        ?? JudgeStatus(facts);

    /// <summary>Finds whether codes of throttling count: not where they are about the request's data.</summary>
    public static bool IsThrottlingCode(in ResponseFacts facts) =>
        facts.Has(CodeSigns.Overload) && (facts.Status == 429 || facts.Status >= 500)
        || (facts.Has(CodeSigns.Throttling)
            && !IsTooLarge(facts.Status)
            && (facts.Has(CodeSigns.CertainThrottling) || !IsAboutData(facts.Status))
            && !(facts.Status == 400 && facts.AreCodesAboutFields));

    /// <summary>Finds whether a refusal is the upstream's own, so that it did nothing.</summary>
    /// <remarks>
    /// A failure of the server's that only a cause or the words explain may have come after the work: a payment that
    /// was made, and a receipt that was throttled.
    /// </remarks>
    public static bool IsOwnRefusal(in ResponseFacts facts) =>
        facts.Status < 500
        || facts.IsOwnRefusal
        || facts.Settings.ThrottledStatusCodes.Contains(facts.Status)
        || facts.Has(CodeSigns.UserThrottling)
        || facts.Headers.IsRefusedByGateway;

    /// <summary>Finds whether a throttle is one of too many requests at the same time.</summary>
    public static bool IsConcurrencyLimit(in ResponseFacts facts) =>
        facts.Headers.IsConcurrencyLimit
        || facts.Has(CodeSigns.Concurrency)
        || facts.Text.NamesConcurrency();

    /// <summary>Finds the statuses that say what is wrong, so that a code can only say of what.</summary>
    private static bool IsAboutData(int status) =>
        status is (>= 404 and <= 406) or (>= 409 and <= 416) or 422 or 431;

    private static bool IsTooLarge(int status) => status is 413 or 414 or 431;

    private static Judgement? JudgeUserCodes(in ResponseFacts facts) =>
        facts.Has(CodeSigns.UserThrottling) ? Judgement.Throttled(RuleNames.UserCode)
        : facts.Has(CodeSigns.UserTransient) ? Judgement.Transient(RuleNames.UserCode)
        : null;

    private static Judgement? JudgeRefusals(in ResponseFacts facts) =>
        facts.Headers.ShouldRetry == false ? Judgement.Permanent(RuleNames.ShouldRetry)
        : facts.Status < 500 && facts.Has(CodeSigns.Never) ? Judgement.Permanent(RuleNames.NeverCode)
        : facts.Status == 429 && facts.Says(TextSigns.TooLarge) ? Judgement.Permanent(RuleNames.NeverText)
        : null;

    private static Judgement? JudgeTransientCodes(in ResponseFacts facts) =>
        facts.Has(CodeSigns.Transient)
            ? Judgement.Transient(
                RuleNames.TransientCode,
                facts.Has(CodeSigns.Timeout) ? TransientCause.Timeout : TransientCause.ServerError)
        : facts.Has(CodeSigns.IdentityProvider) && IsSts(facts.Response) ? Judgement.Transient(RuleNames.TransientCode)
        : facts.Status == 429 && facts.Has(CodeSigns.Lock) ? Judgement.Transient(RuleNames.TransientCode)
        : facts.Status == 429 && facts.Says(TextSigns.Locked) ? Judgement.Transient(RuleNames.TransientText)
        : null;

    private static Judgement? JudgeThrottlingCodes(in ResponseFacts facts) =>
        IsThrottlingCode(facts)
            ? Judgement.Throttled(
                facts.HeaderCodes.Has(CodeSigns.Throttling) ? RuleNames.HeaderCode : RuleNames.BodyCode)
        : facts.Status == 503 && facts.Has(CodeSigns.SomeQuota) ? Judgement.Throttled(RuleNames.BodyCode)
        : facts.Headers.IsRefusedByGateway ? Judgement.Throttled(RuleNames.Gateway)
        : null;

    private static Judgement JudgeStatus(in ResponseFacts facts)
    {
        var status = facts.Status;
        var rule = RuleNames.Status(status);

        // Binance bans with 418 and says for how long; for everybody else it is a joke.
        return facts.Settings.ThrottledStatusCodes.Contains(status) ? Judgement.Throttled(rule)
            : status == 418 && facts.Headers.HasRetryAfter ? Judgement.Throttled(rule)
            : IsThrottlingText(facts) ? Judgement.Throttled(RuleNames.Text)
            : facts.Settings.TransientStatusCodes.Contains(status)
                ? Judgement.Transient(rule, status == 408 ? TransientCause.Timeout : TransientCause.ServerError)
            : facts.Headers.ShouldRetry == true ? Judgement.Transient(RuleNames.ShouldRetry)
            : Judgement.Permanent(rule);
    }

    private static bool IsThrottlingText(in ResponseFacts facts) => facts.Status switch
    {
        400 => facts.Says(TextSigns.RequestLimit) || IsRefusedForNow(facts),
        403 => (facts.Says(TextSigns.RequestLimit) || IsRefused(facts, TextSigns.CertainRefusal))
            && !facts.Says(TextSigns.Permission)
            && !facts.Has(CodeSigns.Denied)
            && (facts.Says(TextSigns.RequestLimit) || !facts.Has(CodeSigns.Other)),
        503 => facts.Says(TextSigns.Overload) || IsRefused(facts, TextSigns.Refusal),
        _ => false,
    };

    private static bool IsRefused(in ResponseFacts facts, TextSigns sign) =>
        facts.Says(sign) && !facts.Says(TextSigns.Validation);

    /// <summary>Finds a 400 that says that the caller went over a rate, and to come back.</summary>
    private static bool IsRefusedForNow(in ResponseFacts facts) =>
        IsRefused(facts, TextSigns.CertainRefusal)
        && facts.Says(TextSigns.Later)
        && !facts.Says(TextSigns.Permission)
        && !facts.Has(CodeSigns.Invalid);

    private static bool IsSts(HttpResponseMessage response) =>
        response.RequestMessage?.RequestUri is { IsAbsoluteUri: true } uri
        && uri.Host.StartsWith("sts.", StringComparison.OrdinalIgnoreCase);
}
