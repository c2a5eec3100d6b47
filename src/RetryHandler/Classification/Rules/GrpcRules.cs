namespace RetryHandler.Classification;

/// <summary>gRPC sends failures with status 200; those without a body carry their own status in the headers.</summary>
internal static class GrpcRules
{
    public const string StatusHeader = "grpc-status";

    private const int ResourceExhausted = 8;

    private const int Unavailable = 14;

    public static Judgement? Judge(in HeaderFacts headers) => headers.GrpcStatus switch
    {
        ResourceExhausted or Unavailable when headers.ShouldRetry == false =>
            Judgement.Permanent(RuleNames.ShouldRetry),
        ResourceExhausted when headers.IsGrpcMessageTooLarge => Judgement.Permanent(RuleNames.NeverText),
        ResourceExhausted => Judgement.Throttled(RuleNames.GrpcStatus),
        Unavailable => Judgement.Transient(RuleNames.GrpcStatus),
        _ => null,
    };
}
