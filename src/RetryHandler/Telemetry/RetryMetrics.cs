using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RetryHandler.Telemetry;

/// <summary>
/// The instruments that are written as things happen. Nothing is computed for one that nobody listens to.
/// </summary>
internal sealed class RetryMetrics(Meter meter)
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly Counter<long> _calls = meter.CreateCounter<long>(
        MetricNames.Calls, "{call}", "Calls that ended, in whatever way.");

    private readonly Counter<long> _stops = meter.CreateCounter<long>(
        MetricNames.Stops, "{call}", "Calls that ended without success, by reason.");

    private readonly Counter<long> _attempts = meter.CreateCounter<long>(
        MetricNames.Attempts, "{attempt}", "Attempts that were sent, by what came back.");

    private readonly Counter<long> _retries = meter.CreateCounter<long>(
        MetricNames.Retries, "{attempt}", "Failed attempts that were repeated, by kind of failure.");

    private readonly Counter<long> _throttles = meter.CreateCounter<long>(
        MetricNames.Throttles, "{attempt}", "Throttled attempts, by the rule that recognised them.");

    private readonly Histogram<double> _backoff = meter.CreateHistogram(
        MetricNames.Backoff, "s", "Delay before a retry.", tags: null, Seconds);

    private readonly Histogram<double> _tokenWait = meter.CreateHistogram(
        MetricNames.TokenWait, "s", "Time that an attempt waited for a send token, where it had to.", null, Seconds);

    public void Attempt(string client, string method, string kind, int? status)
    {
        if (!_attempts.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { MetricNames.ClientTag, client },
            { MetricNames.MethodTag, TagValues.Method(method) },
            { MetricNames.KindTag, kind },
        };
        AddStatus(ref tags, status);
        _attempts.Add(1, tags);
    }

    public void Throttle(string client, string? rule)
    {
        if (_throttles.Enabled)
        {
            _throttles.Add(1, new(MetricNames.ClientTag, client), new(MetricNames.RuleTag, rule));
        }
    }

    public void Retry(string client, string method, FailureKind kind)
    {
        if (_retries.Enabled)
        {
            _retries.Add(
                1,
                new(MetricNames.ClientTag, client),
                new(MetricNames.MethodTag, TagValues.Method(method)),
                new(MetricNames.KindTag, TagValues.Of(kind)));
        }
    }

    public void Backoff(string client, FailureKind kind, TimeSpan delay)
    {
        if (_backoff.Enabled)
        {
            _backoff.Record(
                delay.TotalSeconds,
                new(MetricNames.ClientTag, client),
                new KeyValuePair<string, object?>(MetricNames.KindTag, TagValues.Of(kind)));
        }
    }

    public void TokenWait(string client, TimeSpan wait)
    {
        if (_tokenWait.Enabled)
        {
            _tokenWait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>(MetricNames.ClientTag, client));
        }
    }

    /// <summary>Counts a call's end, and its reason unless it succeeded.</summary>
    public void End(string client, string method, RetryStopReason reason, FailureKind? kind, int? status)
    {
        if (_calls.Enabled)
        {
            _calls.Add(
                1,
                new(MetricNames.ClientTag, client),
                new KeyValuePair<string, object?>(MetricNames.MethodTag, TagValues.Method(method)));
        }

        if (reason == RetryStopReason.Succeeded || !_stops.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { MetricNames.ClientTag, client },
            { MetricNames.MethodTag, TagValues.Method(method) },
            { MetricNames.ReasonTag, TagValues.Of(reason) },
        };
        if (kind is { } known)
        {
            tags.Add(MetricNames.KindTag, TagValues.Of(known));
        }

        AddStatus(ref tags, status);
        _stops.Add(1, tags);
    }

    private static void AddStatus(ref TagList tags, int? status)
    {
        if (TagValues.Status(status) is { } known)
        {
            tags.Add(MetricNames.StatusTag, known);
        }
    }
}
