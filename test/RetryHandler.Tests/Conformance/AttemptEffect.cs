namespace RetryHandler.Tests.Conformance;

/// <summary>Tells how the handler judged an answer, by nothing but what it then did.</summary>
internal static class AttemptEffect
{
    private static readonly (TimeSpan Delay, int Cost) OfThrottled = (TimeSpan.FromSeconds(1), 5);
    private static readonly (TimeSpan Delay, int Cost) OfTransient = (TimeSpan.FromMilliseconds(50), 14);

    /// <summary>Sends a request that is answered with <paramref name="answer"/>, then with a success.</summary>
    /// <returns>
    /// <see cref="FailureKind.Throttled"/> for a retry after 1 s at 5 tokens, <see cref="FailureKind.Transient"/> for
    /// one after 50 ms at 14 tokens, and what the stop reason says where there was no retry.
    /// </returns>
    public static async Task<FailureKind> ObserveAsync(
        Func<HttpRequestMessage, HttpResponseMessage> answer,
        HttpMethod? method = null,
        Action<AdaptiveRetryOptions>? configure = null)
    {
        var time = new ManualTimeProvider();
        var client = default(ClientUnderTest);
        var quotaAtRetry = 0;
        var upstream = new ScriptedHandler(time, answer, request =>
        {
            quotaAtRetry = client!.Quota.Available;
            return AwsAnswer.Success(request);
        });
        using (client = new ClientUnderTest(time, upstream, options =>
        {
            options.Mode = RetryMode.Standard;
            configure?.Invoke(options);
        }))
        {
            var before = client.Quota.Available;
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "http://upstream.test/");
            using var response = await client.SendAsync(request);
            var info = response.GetAdaptiveRetryInfo();
            return info.Attempts == 1
                ? WithoutRetry(info.StopReason)
                : WithRetry((upstream.Attempts[1].At, before - quotaAtRetry));
        }
    }

    private static FailureKind WithRetry((TimeSpan Delay, int Cost) retry) =>
        retry == OfThrottled ? FailureKind.Throttled
        : retry == OfTransient ? FailureKind.Transient
        : throw new InvalidOperationException($"A retry after {retry.Delay} at {retry.Cost} tokens fits no kind.");

    private static FailureKind WithoutRetry(RetryStopReason reason) => reason switch
    {
        RetryStopReason.Succeeded => FailureKind.None,
        RetryStopReason.NotRetryable => FailureKind.Permanent,
        RetryStopReason.UpstreamQuotaExhausted => FailureKind.QuotaExhausted,
        _ => throw new InvalidOperationException($"Stopped with {reason}."),
    };
}
