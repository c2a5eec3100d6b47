using System.Net;

namespace RetryHandler.Classification;

/// <summary>Judges responses by the built-in rules, and adds the delay and whether the request was processed.</summary>
internal sealed class ResponseClassifier(ClassificationSettings settings, TimeProvider timeProvider)
{
    /// <summary>Who has to wait longer waits for a quota, not for a rate.</summary>
    private static readonly TimeSpan ShortestQuotaDelay = TimeSpan.FromHours(6);

    /// <summary>No quota is counted for longer than a year: a longer delay is a mistake of the server.</summary>
    private static readonly TimeSpan LongestQuotaDelay = TimeSpan.FromDays(366);

    private bool ReadsHeaders => settings.Layers.Has(ClassificationLayers.Headers);

    /// <summary>Gets whether the headers of a success hold the status of a gRPC call.</summary>
    /// <remarks>gRPC needs HTTP/2, so that other successes do not pay for the search.</remarks>
    public bool HasGrpcStatus(HttpResponseMessage response) =>
        (response.Version.Major >= 2 || settings.InspectSuccessBodies)
        && response.StatusCode == HttpStatusCode.OK
        && response.Headers.NonValidated.Contains(GrpcRules.StatusHeader);

    public AttemptVerdict ClassifyError(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var bodyFacts = new ErrorBodyFacts(settings);
        ErrorBody.Read(body, ref bodyFacts);
        var facts = new ResponseFacts(response, HeaderFacts.Read(response, settings), bodyFacts, settings);
        var judgement = ResponseRules.Judge(facts) with
        {
            IsConcurrencyLimit = ResponseRules.IsConcurrencyLimit(facts),
        };
        return Conclude(response, judgement, facts.Hints, facts.Text, ResponseRules.IsOwnRefusal(facts));
    }

    public AttemptVerdict ClassifySuccessBody(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        // Cut off: behind the errors there may be data, and then the request was acted on, at least in part.
        if (body.Length >= settings.MaxErrorBodyBytes || SuccessBody.IsList(body))
        {
            return default;
        }

        // The same where it did not come in time, or broke off.
        var facts = new SuccessBodyFacts(settings) { IsXml = SuccessBody.IsXml(response) };
        if (!ErrorBody.Read(body, ref facts))
        {
            return default;
        }

        // MediaWiki-API-Error and the like: an error in a header of its own is one, whatever the body looks like.
        var codes = facts.Codes | HeaderFacts.Read(response, settings).Codes;
        return SuccessRules.Judge(codes) is { } judgement
            ? Conclude(response, judgement, facts.Hints, TextSigns.None)
            : default;
    }

    /// <summary>Judges a success of which the headers hold the status of a gRPC call.</summary>
    public AttemptVerdict ClassifySuccess(HttpResponseMessage response) =>
        GrpcRules.Judge(HeaderFacts.Read(response, settings)) is { } judgement
            ? Conclude(response, judgement, default, TextSigns.None)
            : default;

    /// <summary>Adds the delay that the headers ask for to a verdict that says nothing of one.</summary>
    public AttemptVerdict WithDelay(in AttemptVerdict verdict, HttpResponseMessage response) =>
        !verdict.IsRetryable || verdict.ServerDelay is not null || !ReadsHeaders
            ? verdict
            : verdict with
            {
                ServerDelay = ServerDelays.Read(response, default, TextSigns.None, verdict.Kind, timeProvider),
                BoundedDelayHint = verdict.BoundedDelayHint ?? ServerDelays.ReadBoundedHint(response),
            };

    private AttemptVerdict Conclude(
        HttpResponseMessage response,
        Judgement judgement,
        in BodyHints hints,
        TextSigns text,
        bool isOwnRefusal = true)
    {
        if (judgement.Kind == FailureKind.Permanent)
        {
            return new AttemptVerdict { Kind = judgement.Kind, Rule = judgement.Rule };
        }

        var delay = ReadsHeaders ? ServerDelays.Read(response, hints, text, judgement.Kind, timeProvider) : null;
        if (judgement.Kind == FailureKind.Throttled && delay >= ShortestQuotaDelay && delay <= LongestQuotaDelay)
        {
            judgement = Judgement.QuotaExhausted(RuleNames.LongDelay);
        }

        return new AttemptVerdict
        {
            Kind = judgement.Kind,
            Cause = judgement.Cause,
            IsConcurrencyLimit = judgement is { Kind: FailureKind.Throttled, IsConcurrencyLimit: true },
            Rule = judgement.Rule,
            ServerDelay = delay,
            BoundedDelayHint = ReadsHeaders ? ServerDelays.ReadBoundedHint(response) : null,
            KnownNotProcessed = IsKnownNotProcessed((int)response.StatusCode, judgement.Kind, delay, isOwnRefusal),
        };
    }

    /// <summary>
    /// A throttle, a 429 and a 425 refuse before any work is done; so does a 503 that says when to come back, while one
    /// that does not may come from a gateway that lost the answer.
    /// </summary>
    private static bool IsKnownNotProcessed(int status, FailureKind kind, TimeSpan? delay, bool isOwnRefusal) =>
        (isOwnRefusal && kind is FailureKind.Throttled or FailureKind.QuotaExhausted)
        || status is 425 or 429
        || (status == 503 && delay is not null);
}
