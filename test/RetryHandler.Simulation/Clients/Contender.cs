using RetryHandler.RateLimiting;

namespace RetryHandler.Simulation.Clients;

/// <summary>One way for a client to behave: a row of each scenario's table.</summary>
/// <param name="Name">As <c>--controllers</c> takes it.</param>
/// <param name="Configure">Sets the library's options.</param>
/// <param name="Controller">Makes a controller that the options can't name yet; for one under development.</param>
internal sealed record Contender(
    string Name, Action<AdaptiveRetryOptions> Configure, Func<ISendRateController>? Controller = null)
{
    /// <summary>No retries at all: what the upstream does to a client that adds nothing to the load.</summary>
    public static Contender Single { get; } = new("single", static options => options.MaxAttempts = 1);

    /// <summary>Standard retries: backoff and quota, but no send-rate limiter.</summary>
    public static Contender None { get; } = new("none", static options => options.Mode = RetryMode.Standard);

    /// <summary>The AWS SDKs' adaptive mode.</summary>
    public static Contender Cubic { get; } = new(
        "Cubic", static options => options.SendRate.Controller = SendRateControllerKind.Cubic);

    /// <summary>Ours.</summary>
    public static Contender Probing { get; } = new("Probing", static _ => { });

    /// <summary>Ours, for an upstream that publishes its limit to somebody who does not look.</summary>
    public static Contender Unread { get; } = new(
        "unread", static options => options.SendRate.FollowPublishedBudget = false);

    /// <summary>Gets all of them; a further one is a further entry.</summary>
    public static IReadOnlyList<Contender> All { get; } = [Single, None, Cubic, Probing, Unread];

    /// <summary>Gets those that the scoreboard shows unless told otherwise.</summary>
    public static IReadOnlyList<Contender> Scored { get; } = [None, Cubic, Probing];
}
