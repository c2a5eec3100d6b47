using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>The retry modes of the AWS SDKs, in terms of options.</summary>
internal static class AwsModes
{
    /// <summary>Standard mode before 2026: nothing but option values on top of ours.</summary>
    public static void Standard20(AdaptiveRetryOptions options)
    {
        options.Mode = RetryMode.Standard;
        options.Transient.BaseDelay = TimeSpan.FromSeconds(1);
        options.Throttled.BaseDelay = TimeSpan.FromSeconds(1);
        options.Quota.TransientCost = 5;
        options.Quota.TimeoutCost = 10;
        options.Quota.ThrottledCost = 5;
    }

    /// <summary>Standard mode since 2026: what <see cref="RetryMode.Standard"/> stands for.</summary>
    public static void Standard21(AdaptiveRetryOptions options) => options.Mode = RetryMode.Standard;

    /// <summary>Sets what a scenario gives: attempts, base delay, cap.</summary>
    public static void Apply(JsonElement given, AdaptiveRetryOptions options)
    {
        if (given.Has("max_attempts"))
        {
            options.MaxAttempts = given.Integer("max_attempts");
        }

        if (given.Has("base_s"))
        {
            options.Transient.BaseDelay = given.Seconds("base_s");
        }

        if (given.Has("cap_s"))
        {
            options.Transient.MaxDelay = options.Throttled.MaxDelay = given.Seconds("cap_s");
        }
    }
}
