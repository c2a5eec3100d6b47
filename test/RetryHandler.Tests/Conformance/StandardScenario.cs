using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>Runs the steps of a scenario through the handler and compares every step.</summary>
/// <remarks>
/// A step's outcome is seen from outside: a retry is the next attempt, its delay the time until that attempt arrives,
/// and the quota after a step is what the next attempt finds, or the caller at the end.
/// </remarks>
internal sealed class StandardScenario : IDisposable
{
    private readonly IReadOnlyList<JsonElement> _steps;
    private readonly List<int> _quotaAfterStep = [];
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedHandler _upstream;
    private readonly ClientUnderTest _client;
    private int _done;

    public StandardScenario(
        IReadOnlyList<JsonElement> steps, int tokens, Action<AdaptiveRetryOptions> configure)
    {
        _steps = steps;
        var answers = steps.Select(static step => AwsAnswer.From(step.GetProperty("response")));
        _upstream = new ScriptedHandler(_time, [.. answers.Append(AwsAnswer.Success).Select(Recorded)]);
        _client = new ClientUnderTest(_time, _upstream, configure, random: 1, quota: tokens);
    }

    /// <summary>Runs one call after another until the steps are used up.</summary>
    public async Task RunAsync()
    {
        while (_done < _steps.Count)
        {
            await RunCallAsync();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _upstream.Dispose();
    }

    private async Task RunCallAsync()
    {
        var first = _upstream.Attempts.Count;
        var response = await _client.GetAsync();
        _quotaAfterStep.Add(_client.Quota.Available);
        var attempts = _upstream.Attempts;
        for (var i = first; i < attempts.Count && i < _steps.Count; i++)
        {
            var next = i + 1 < attempts.Count ? attempts[i + 1] : null;
            var outcome = next is null ? Describe(response.GetAdaptiveRetryInfo().StopReason) : "retry";
            Check(i, outcome, next?.At - attempts[i].At);
        }

        _done = attempts.Count;
    }

    private void Check(int index, string outcome, TimeSpan? delay)
    {
        var expected = _steps[index].GetProperty("expected");
        var step = $"step {index + 1}";
        Assert.That(outcome, Is.EqualTo(expected.Text("outcome")), step);
        Assert.That(_quotaAfterStep[index], Is.EqualTo(expected.Integer("quota")), step);
        if (expected.Has("delay_s"))
        {
            Assert.That(delay?.TotalSeconds, expected.Near("delay_s"), step);
        }
    }

    private Func<HttpRequestMessage, HttpResponseMessage> Recorded(
        Func<HttpRequestMessage, HttpResponseMessage> answer, int index) =>
        request =>
        {
            // The first attempt of a call comes after the end of the call before, which has recorded its last step.
            if (_quotaAfterStep.Count < index)
            {
                _quotaAfterStep.Add(_client.Quota.Available);
            }

            return answer(request);
        };

    private static string Describe(RetryStopReason reason) => reason switch
    {
        RetryStopReason.Succeeded => "success",
        RetryStopReason.AttemptsExhausted => "max_attempts_exceeded",
        RetryStopReason.RetryQuotaExhausted => "retry_quota_exceeded",
        RetryStopReason.NotRetryable => "fail",
        _ => reason.ToString(),
    };
}
