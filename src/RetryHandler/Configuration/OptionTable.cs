using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Logging;

namespace RetryHandler.Configuration;

/// <summary>
/// Every option that a configuration can set, with its range. Binding, the search for unknown keys, validation and the
/// tests all go by this table.
/// </summary>
internal static class OptionTable
{
    private const int Million = 1_000_000;
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

    public static IReadOnlyList<IOption> All { get; } =
    [
        Choice<RetryMode>("Mode", o => o.Mode, (o, v) => o.Mode = v),
        Whole("MaxAttempts", o => o.MaxAttempts, (o, v) => o.MaxAttempts = v, 1, 100),
        Time("AttemptTimeout", o => o.AttemptTimeout, (o, v) => o.AttemptTimeout = v, AboveZero(OneDay)),
        Time("TotalTimeout", o => o.TotalTimeout, (o, v) => o.TotalTimeout = v, AboveZero(OneDay)),
        .. Failure("Transient", o => o.Transient),
        .. Failure("TransientTimeout", o => o.TransientTimeout),
        .. Failure("TransientNetwork", o => o.TransientNetwork),
        .. Failure("TransientServerError", o => o.TransientServerError),
        .. Failure("Throttled", o => o.Throttled),
        .. Quota,
        .. SendRate,
        .. Classification,
        .. Partition,
        .. CircuitBreaker,
        Flag("ServerDelay.Enabled", o => o.ServerDelay.Enabled, (o, v) => o.ServerDelay.Enabled = v),
        Time("ServerDelay.MaxDelay", o => o.ServerDelay.MaxDelay, (o, v) => o.ServerDelay.MaxDelay = v, UpTo(OneDay)),
        Choice<UnsafeMethodReplay>("Replay.UnsafeMethods", o => o.Replay.UnsafeMethods,
            (o, v) => o.Replay.UnsafeMethods = v),
        Whole("Replay.MaxBufferedBytes", o => o.Replay.MaxBufferedBytes, (o, v) => o.Replay.MaxBufferedBytes = v, 0,
            int.MaxValue),
        Choice<LogLevel>("Logging.Retry", o => o.Logging.Retry, (o, v) => o.Logging.Retry = v),
        Choice<LogLevel>("Logging.GaveUp", o => o.Logging.GaveUp, (o, v) => o.Logging.GaveUp = v),
        Choice<LogLevel>("Logging.Change", o => o.Logging.Change, (o, v) => o.Logging.Change = v),
        Choice<LogLevel>("Logging.Detail", o => o.Logging.Detail, (o, v) => o.Logging.Detail = v),
    ];

    /// <summary>Gets the options by their place; configuration keys know no case.</summary>
    public static FrozenDictionary<string, IOption> ByPath { get; } =
        All.ToFrozenDictionary(static option => option.Path, StringComparer.OrdinalIgnoreCase);

    private static IOption[] Quota =>
    [
        Flag("Quota.Enabled", o => o.Quota.Enabled, (o, v) => o.Quota.Enabled = v),
        Choice<RetryQuotaKind>("Quota.Kind", o => o.Quota.Kind, (o, v) => o.Quota.Kind = v),
        Whole("Quota.Capacity", o => o.Quota.Capacity, (o, v) => o.Quota.Capacity = v, 0, Million),
        Whole("Quota.TransientCost", o => o.Quota.TransientCost, (o, v) => o.Quota.TransientCost = v, 0, Million),
        Whole("Quota.TimeoutCost", o => o.Quota.TimeoutCost, (o, v) => o.Quota.TimeoutCost = v, 0, Million),
        Whole("Quota.NetworkCost", o => o.Quota.NetworkCost, (o, v) => o.Quota.NetworkCost = v, 0, Million),
        Whole("Quota.ServerErrorCost", o => o.Quota.ServerErrorCost, (o, v) => o.Quota.ServerErrorCost = v, 0, Million),
        Whole("Quota.ThrottledCost", o => o.Quota.ThrottledCost, (o, v) => o.Quota.ThrottledCost = v, 0, Million),
        Whole("Quota.FirstTryRefund", o => o.Quota.FirstTryRefund, (o, v) => o.Quota.FirstTryRefund = v, 0, Million),
        Number("Quota.RefillPerMinute", o => o.Quota.RefillPerMinute, (o, v) => o.Quota.RefillPerMinute = v,
            new(0, Million)),
        Number("Quota.MaxRatio", o => o.Quota.MaxRatio, (o, v) => o.Quota.MaxRatio = v, new(0, 10, true)),
        Number("Quota.MinRetriesPerSecond", o => o.Quota.MinRetriesPerSecond,
            (o, v) => o.Quota.MinRetriesPerSecond = v, new(0, Million)),
    ];

    private static IOption[] SendRate =>
    [
        Flag("SendRate.Enabled", o => o.SendRate.Enabled, (o, v) => o.SendRate.Enabled = v),
        Choice<SendRateControllerKind>("SendRate.Controller", o => o.SendRate.Controller,
            (o, v) => o.SendRate.Controller = v),
        Number("SendRate.MinRate", o => o.SendRate.MinRate, (o, v) => o.SendRate.MinRate = v, new(0, Million, true)),
        Number("SendRate.MaxRate", o => o.SendRate.MaxRate, (o, v) => o.SendRate.MaxRate = v, new(0, Million, true)),
        Flag("SendRate.FollowPublishedBudget", o => o.SendRate.FollowPublishedBudget,
            (o, v) => o.SendRate.FollowPublishedBudget = v),
        Number(
            "SendRate.InitialRate", o => o.SendRate.InitialRate, (o, v) => o.SendRate.InitialRate = v,
            new(0, Million, true)),
        Time("SendRate.MaxWait", o => o.SendRate.MaxWait, (o, v) => o.SendRate.MaxWait = v, UpTo(OneDay)),
        Whole("SendRate.QueueLimit", o => o.SendRate.QueueLimit, (o, v) => o.SendRate.QueueLimit = v, 0, int.MaxValue),
    ];

    private static IOption[] Classification =>
    [
        Statuses("Classification.ThrottledStatusCodes", o => o.Classification.ThrottledStatusCodes),
        Statuses("Classification.TransientStatusCodes", o => o.Classification.TransientStatusCodes),
        Codes("Classification.ThrottlingErrorCodes", o => o.Classification.ThrottlingErrorCodes),
        Codes("Classification.TransientErrorCodes", o => o.Classification.TransientErrorCodes),
        Whole("Classification.MaxErrorBodyBytes", o => o.Classification.MaxErrorBodyBytes,
            (o, v) => o.Classification.MaxErrorBodyBytes = v, 0, 65_536),
        Time("Classification.ErrorBodyTimeout", o => o.Classification.ErrorBodyTimeout,
            (o, v) => o.Classification.ErrorBodyTimeout = v, AboveZero(TimeSpan.FromMinutes(1))),
        Flag("Classification.InspectSuccessBodies", o => o.Classification.InspectSuccessBodies,
            (o, v) => o.Classification.InspectSuccessBodies = v),
    ];

    private static IOption[] Partition =>
    [
        Choice<PartitionKind>("Partition.Kind", o => o.Partition.Kind, (o, v) => o.Partition.Kind = v),
        Whole("Partition.MaxPartitions", o => o.Partition.MaxPartitions, (o, v) => o.Partition.MaxPartitions = v, 1,
            Million),
        Time("Partition.IdleTimeout", o => o.Partition.IdleTimeout, (o, v) => o.Partition.IdleTimeout = v,
            AboveZero(OneDay)),
    ];

    private static IOption[] CircuitBreaker =>
    [
        Flag("CircuitBreaker.Enabled", o => o.CircuitBreaker.Enabled, (o, v) => o.CircuitBreaker.Enabled = v),
        Number("CircuitBreaker.FailureRatio", o => o.CircuitBreaker.FailureRatio,
            (o, v) => o.CircuitBreaker.FailureRatio = v, new(0, 1, true)),
        Whole("CircuitBreaker.MinimumThroughput", o => o.CircuitBreaker.MinimumThroughput,
            (o, v) => o.CircuitBreaker.MinimumThroughput = v, 2, Million),
        Time("CircuitBreaker.SamplingDuration", o => o.CircuitBreaker.SamplingDuration,
            (o, v) => o.CircuitBreaker.SamplingDuration = v, new(HalfASecond, OneDay)),
        Time("CircuitBreaker.BreakDuration", o => o.CircuitBreaker.BreakDuration,
            (o, v) => o.CircuitBreaker.BreakDuration = v, new(HalfASecond, OneDay)),
        Flag("CircuitBreaker.CountThrottled", o => o.CircuitBreaker.CountThrottled,
            (o, v) => o.CircuitBreaker.CountThrottled = v),
    ];

    private static IOption[] Failure(string name, Func<AdaptiveRetryOptions, FailureRetryOptions> of) =>
    [
        Whole($"{name}.MaxAttempts", o => of(o).MaxAttempts, (o, v) => of(o).MaxAttempts = v, 1, 100),
        Time($"{name}.BaseDelay", o => of(o).BaseDelay, (o, v) => of(o).BaseDelay = v, UpTo(OneDay)),
        Time($"{name}.MaxDelay", o => of(o).MaxDelay, (o, v) => of(o).MaxDelay = v, UpTo(OneDay)),
        Time($"{name}.MinDelay", o => of(o).MinDelay, (o, v) => of(o).MinDelay = v, UpTo(OneDay)),
        Choice($"{name}.Backoff", o => of(o).Backoff, (o, v) => of(o).Backoff = v),
        Choice($"{name}.Jitter", o => of(o).Jitter, (o, v) => of(o).Jitter = v),
    ];

    private static OptionRange<TimeSpan> UpTo(TimeSpan most) => new(TimeSpan.Zero, most);

    private static OptionRange<TimeSpan> AboveZero(TimeSpan most) => new(TimeSpan.Zero, most, ExcludesLeast: true);

    private static ScalarOption<bool> Flag(
        string path, Func<AdaptiveRetryOptions, bool?> get, Action<AdaptiveRetryOptions, bool> set) =>
        new(path, OptionTexts.Flag, get, set, static _ => null);

    private static ScalarOption<T> Choice<T>(
        string path, Func<AdaptiveRetryOptions, T?> get, Action<AdaptiveRetryOptions, T> set)
        where T : struct, Enum
    {
        var text = OptionTexts.Choice<T>();
        return new(path, text, get, set, value => Enum.IsDefined(value) ? null : text.Remedy);
    }

    private static ScalarOption<int> Whole(
        string path,
        Func<AdaptiveRetryOptions, int?> get,
        Action<AdaptiveRetryOptions, int> set,
        int least,
        int most) => Ranged(path, OptionTexts.Whole, get, set, new(least, most));

    private static ScalarOption<double> Number(
        string path,
        Func<AdaptiveRetryOptions, double?> get,
        Action<AdaptiveRetryOptions, double> set,
        OptionRange<double> range) => Ranged(path, OptionTexts.Number, get, set, range);

    private static ScalarOption<TimeSpan> Time(
        string path,
        Func<AdaptiveRetryOptions, TimeSpan?> get,
        Action<AdaptiveRetryOptions, TimeSpan> set,
        OptionRange<TimeSpan> range) => Ranged(path, OptionTexts.Time, get, set, range);

    private static ScalarOption<T> Ranged<T>(
        string path,
        OptionText<T> text,
        Func<AdaptiveRetryOptions, T?> get,
        Action<AdaptiveRetryOptions, T> set,
        OptionRange<T> range)
        where T : struct, IComparable<T> =>
        new(path, text, get, set, value => range.Contains(value) ? null : $"must be {range}");

    private static SetOption<int> Statuses(string path, Func<AdaptiveRetryOptions, ISet<int>> get) =>
        new(path, OptionTexts.Whole, get, static code =>
            code is < 400 or > 599 ? "must hold status codes between 400 and 599" : null);

    private static SetOption<string> Codes(string path, Func<AdaptiveRetryOptions, ISet<string>> get) =>
        new(path, OptionTexts.Name, get, static code =>
            code.Length <= 128 && Ascii.IsValid(code) && code.Any(char.IsAsciiLetterOrDigit)
                ? null
                : "must hold error codes with letters or digits, in ASCII, of 128 characters at most");
}
