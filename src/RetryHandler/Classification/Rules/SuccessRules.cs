namespace RetryHandler.Classification;

/// <summary>The rules for errors that came with status 200.</summary>
internal static class SuccessRules
{
    /// <returns><see langword="null"/> for a success.</returns>
    public static Judgement? Judge(CodeSigns codes) =>
        codes.HasFlag(CodeSigns.UserThrottling) ? Judgement.Throttled(RuleNames.UserCode)
        : codes.HasFlag(CodeSigns.UserTransient) ? Judgement.Transient(RuleNames.UserCode)
        : codes.HasFlag(CodeSigns.Quota) ? Judgement.QuotaExhausted(RuleNames.SuccessBody)
        : codes.HasFlag(CodeSigns.Never) ? null
        : codes.HasFlag(CodeSigns.Transient) ? Judgement.Transient(
            RuleNames.SuccessBody,
            codes.HasFlag(CodeSigns.Timeout) ? TransientCause.Timeout : TransientCause.ServerError)
        : codes.HasFlag(CodeSigns.Throttling) ? Judgement.Throttled(RuleNames.SuccessBody)
        : null;
}
