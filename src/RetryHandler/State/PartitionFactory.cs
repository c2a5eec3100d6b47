using RetryHandler.Backoff;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>Makes the state of a client's partitions.</summary>
internal sealed class PartitionFactory(
    ClientTelemetry telemetry,
    SendRateControllerKind controllerKind,
    TimeProvider timeProvider,
    Func<double>? nextDouble)
{
    public LearnedState Learn(ClientSettings settings, ISendRateController? controller = null) => new(
        new RetryQuota(settings.Quota, timeProvider),
        new SendRateLimiter(telemetry.Name, settings.SendRate, controller ?? CreateController(), timeProvider),
        new SuccessShare());

    /// <summary>Makes a partition.</summary>
    /// <param name="key">Its key; <see langword="null"/> for the overflow partition.</param>
    /// <param name="settings">The settings of the shared state.</param>
    /// <param name="loop">A loop with the settings, of whichever partition.</param>
    public Partition Create(string? key, ClientSettings settings, RetryLoop loop)
    {
        var learned = Learn(settings);
        var partition = new PartitionTelemetry(
            telemetry, key, learned.Quota, learned.Limiter, key is null ? PartitionRole.Overflow : PartitionRole.Keyed);
        var environment = EnvironmentFor(partition);
        return new Partition(learned, environment, loop.For(learned, environment));
    }

    public RetryEnvironment EnvironmentFor(PartitionTelemetry partition) =>
        RetryEnvironment.For(partition, timeProvider, nextDouble);

    private ISendRateController CreateController() => controllerKind == SendRateControllerKind.Probing
        ? new PublishedBudgetController(new ProbingController())
        : new CubicController(now: 0);
}
