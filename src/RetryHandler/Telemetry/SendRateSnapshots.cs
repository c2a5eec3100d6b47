using System.Globalization;
using RetryHandler.RateLimiting;

namespace RetryHandler.Telemetry;

/// <summary>The limiter's state as the monitor shows it, and in words. Pure.</summary>
internal static class SendRateSnapshots
{
    /// <summary>Shows a limiter that is dormant.</summary>
    public static SendRateSnapshot Of(in SendRateState state) => new()
    {
        State = LimiterState.Dormant,
        MeasuredRate = state.MeasuredRate,
        Tokens = state.Tokens,
        Waiting = state.Waiting,
    };

    /// <summary>Shows a limiter that is not dormant.</summary>
    public static SendRateSnapshot Of(in SendRateState state, DateTimeOffset since, string? rule) => new()
    {
        State = state.IsBeyondPatience ? LimiterState.Closed : LimiterState.Limiting,
        Kind = IsBoundKnown(state) ? state.Kind : LimitKind.Unknown,
        SendRate = RateOf(state),
        MaxConcurrency = ConcurrencyOf(state),
        WindowCount = IsWindow(state) ? state.Window.Count : null,
        WindowLength = IsWindow(state) && state.Window.Length > 0 ? TimeSpan.FromSeconds(state.Window.Length) : null,
        MeasuredRate = state.MeasuredRate,
        Tokens = state.Tokens,
        Waiting = state.Waiting,
        SlowedSince = since,
        SlowedBy = rule,
        PausedFor = state.ClosedFor is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <summary>Gets the attempts per second that are let through, where a rate is the bound.</summary>
    public static double? RateOf(in SendRateState state) =>
        !state.IsUnpaced ? state.FillRate
        : IsWindow(state) && state.Window.Length > 0 ? state.Window.Count / state.Window.Length
        : null;

    /// <summary>Says what is let through.</summary>
    public static string WordsOf(in SendRateState state) =>
        ConcurrencyOf(state) is { } most ? Text($"{most} at the same time")
        : RateOf(state) is { } rate ? Text($"{rate:F2}/s")
        : IsWindow(state) ? Text($"{state.Window.Count} in each window")
        : "what is to be found";

    // While a limit on concurrency is looked for, nothing bounds what is sent.
    private static bool IsBoundKnown(in SendRateState state) =>
        !state.IsUnpaced || state.Kind is not (LimitKind.Rate or LimitKind.SharedRate);

    private static bool IsWindow(in SendRateState state) => state.IsUnpaced && state.Kind == LimitKind.Window;

    private static int? ConcurrencyOf(in SendRateState state) =>
        double.IsInfinity(state.MaxInFlight) ? null : (int)state.MaxInFlight;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
