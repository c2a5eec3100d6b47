using FlakyUpstream.Limits;

namespace FlakyUpstream.Behaviours;

/// <summary>Makes a behaviour from its text; <see cref="HelpEndpoint"/> describes the language.</summary>
internal static class BehaviourParser
{
    /// <exception cref="FormatException">The text is not understood; the message says why.</exception>
    public static Behaviour Parse(string text, TimeProvider time, Counters counters)
    {
        var parameters = new Parameters(text);
        var limit = ReadLimit(parameters);
        var behaviour = new Behaviour(
            parameters.Text("key", ""),
            limit,
            limit is null ? Refusal.TooManyRequests : ReadRefusal(parameters),
            limit is null or ConcurrencyLimit ? null : ReadPublication(parameters),
            ReadFaults(parameters),
            time,
            counters);
        parameters.RejectUnread();
        return behaviour;
    }

    private static ILimit? ReadLimit(Parameters parameters) => parameters.Kind switch
    {
        "unlimited" or "errors" or "slow" or "aborts" => null,
        "token-bucket" or "aws-json" or "aws-query" or "s3" => new TokenBucket(
            parameters.Number("rate", fallback: 200, min: 0.001, max: 1_000_000),
            parameters.Integer("burst", fallback: 20, min: 1, max: 1_000_000)),
        "fixed-window" => new FixedWindow(
            parameters.Integer("count", fallback: 100, min: 1, max: 1_000_000),
            TimeSpan.FromSeconds(parameters.Number("period", fallback: 60, min: 0.01, max: 86_400))),
        "concurrency" => new ConcurrencyLimit(parameters.Integer("limit", fallback: 16, min: 1, max: 10_000)),
        var unknown => throw new FormatException($"There is no limit '{unknown}'. The root page lists all."),
    };

    private static Refusal ReadRefusal(Parameters parameters)
    {
        var refusal = parameters.Kind switch
        {
            "concurrency" => Refusal.Overloaded,
            "aws-json" => Refusal.AwsJson,
            "aws-query" => Refusal.AwsQuery,
            "s3" => Refusal.S3,
            _ => Refusal.TooManyRequests,
        };
        return refusal with
        {
            Status = parameters.Integer("status", refusal.Status, min: 400, max: 599),
            RetryAfter = parameters.Text("retryAfter", ""),
        };
    }

    private static Action<IHeaderDictionary, Budget>? ReadPublication(Parameters parameters)
    {
        var name = parameters.Text("publish", "");
        return name.Length == 0 ? null
            : Publication.Kinds.GetValueOrDefault(name)
            ?? throw new FormatException($"publish={name} must be one of {string.Join(", ", Publication.Kinds.Keys)}.");
    }

    private static Faults ReadFaults(Parameters parameters)
    {
        var kind = parameters.Kind;
        return new Faults(
            TimeSpan.FromMilliseconds(parameters.Number("delay", kind == "slow" ? 1000 : 0, min: 0, max: 600_000)),
            parameters.Number("errorShare", kind == "errors" ? 0.1 : 0, min: 0, max: 1),
            parameters.Integer("errorStatus", fallback: 500, min: 400, max: 599),
            parameters.Number("abortShare", kind == "aborts" ? 0.1 : 0, min: 0, max: 1),
            parameters.Flag("late"));
    }
}
