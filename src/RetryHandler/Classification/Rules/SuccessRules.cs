namespace RetryHandler.Classification;

/// <summary>The rules for errors that came with status 200.</summary>
internal static class SuccessRules
{
    /// <returns><see langword="null"/> for a success.</returns>
    public static Judgement? Judge(CodeSigns codes) =>
        codes.Has(CodeSigns.UserThrottling) ? Judgement.Throttled(RuleNames.UserCode)
        : codes.Has(CodeSigns.UserTransient) ? Judgement.Transient(RuleNames.UserCode)
        : codes.Has(CodeSigns.Quota) ? Judgement.QuotaExhausted(RuleNames.SuccessBody)
        : codes.Has(CodeSigns.Never) ? null
        : codes.Has(CodeSigns.Transient) ? Judgement.Transient(
            RuleNames.SuccessBody,
            codes.Has(CodeSigns.Timeout) ? TransientCause.Timeout : TransientCause.ServerError)
        : codes.Has(CodeSigns.Throttling | CodeSigns.Overload) ? Judgement.Throttled(RuleNames.SuccessBody) with
        {
            IsConcurrencyLimit = codes.Has(CodeSigns.Concurrency),
        }
        : null;
}
