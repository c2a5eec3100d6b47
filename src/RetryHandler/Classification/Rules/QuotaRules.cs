namespace RetryHandler.Classification;

/// <summary>Finds limits per day or month, or in money; often only the words tell them from a rate.</summary>
internal static class QuotaRules
{
    /// <summary>DeepL's status for a used-up plan, which nobody else uses.</summary>
    private const int QuotaExceeded = 456;

    public static Judgement? Judge(in ResponseFacts facts) =>
        facts.Status == 402 ? JudgePaymentRequired(facts)
        : facts.Status == QuotaExceeded ? Judgement.QuotaExhausted(RuleNames.Status(QuotaExceeded))
        : facts.Status is not (400 or 401 or 403 or 429) && !ResponseRules.IsThrottlingCode(facts) ? null
        : IsQuotaCode(facts) ? Judgement.QuotaExhausted(RuleNames.QuotaCode)
        : IsQuotaHeader(facts) ? Judgement.QuotaExhausted(RuleNames.QuotaHeader)
        : IsQuotaText(facts) ? Judgement.QuotaExhausted(RuleNames.QuotaText)
        : null;

    private static Judgement JudgePaymentRequired(in ResponseFacts facts) =>
        facts.Has(CodeSigns.Card)
            ? Judgement.Permanent(RuleNames.NeverCode)
            : Judgement.QuotaExhausted(RuleNames.Status(402));

    private static bool IsQuotaCode(in ResponseFacts facts) =>
        facts.Hints.IsLongQuota
        || (facts.Has(CodeSigns.Quota) && !facts.Hints.IsShortQuota)
        || (facts.Status == 429 && facts.Has(CodeSigns.Balance) && !facts.Hints.IsShortQuota)
        || (facts.Status is 401 or 403 && facts.Has(CodeSigns.SomeQuota) && !facts.Has(CodeSigns.Throttling));

    private static bool IsQuotaHeader(in ResponseFacts facts) =>
        facts.Headers.IsLongPeriod && (facts.Status == 429 || ResponseRules.IsThrottlingCode(facts));

    private static bool IsQuotaText(in ResponseFacts facts)
    {
        if (facts.Says(TextSigns.Concurrency) || facts.Hints.IsShortQuota)
        {
            return false;
        }

        var period = facts.Says(TextSigns.LongPeriod);
        var credits = facts.Says(TextSigns.Credits | TextSigns.NoCredit);
        var exceeded = facts.Says(TextSigns.Exceeded) && !facts.Says(TextSigns.Permission);
        return ResponseRules.IsThrottlingCode(facts) || facts.Status == 429
            ? period || IsUsedUpAccount(facts) || IsUsagePlan(facts)
            : facts.Status switch
            {
                401 => (period || credits || facts.Says(TextSigns.Balance)) && exceeded,
                403 => (period || credits || IsCallQuota(facts)) && exceeded,
                400 => facts.Says(TextSigns.NoCredit),
                _ => false,
            };
    }

    /// <summary>Some APIs count rates in credits too: "40 credits per minute".</summary>
    private static bool IsUsedUpAccount(in ResponseFacts facts) =>
        facts.Says(TextSigns.Credits | TextSigns.NoCredit | TextSigns.Balance) && !facts.Says(TextSigns.ShortPeriod);

    /// <summary>API Gateway refuses a used-up plan with the code that other AWS services use for rates.</summary>
    private static bool IsUsagePlan(in ResponseFacts facts) =>
        facts.Status == 429 && facts.Has(CodeSigns.LimitExceeded) && facts.Says(TextSigns.PlanLimit);

    private static bool IsCallQuota(in ResponseFacts facts) =>
        facts.Says(TextSigns.CallQuota) && !facts.Says(TextSigns.ShortPeriod | TextSigns.Throttling);
}
