using System.Diagnostics;

namespace RetryHandler.Load.Cost;

/// <summary>What some thousand calls through one client took.</summary>
/// <param name="CallsPerSecond">Throughput.</param>
/// <param name="Tail">The time in seconds that 99 of 100 calls stayed below.</param>
/// <param name="ProcessorTime">Processor time of this process for a call, in seconds.</param>
internal readonly record struct Slice(double CallsPerSecond, double Tail, double ProcessorTime)
{
    /// <summary>Callers take the next call from a common pile until none is left.</summary>
    /// <exception cref="HttpRequestException">A call failed; the upstream is well, so that is a defect.</exception>
    public static async Task<Slice> MeasureAsync(HttpClient client, int callers, int calls)
    {
        var seconds = new double[calls];
        var taken = -1;
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallerAsync)));
        var passed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = Environment.CpuUsage.TotalTime - processor;

        Array.Sort(seconds);
        return new(calls / passed, seconds[(int)(0.99 * calls)], processor.TotalSeconds / calls);

        async Task CallerAsync()
        {
            for (var call = Interlocked.Increment(ref taken); call < calls; call = Interlocked.Increment(ref taken))
            {
                var sent = Stopwatch.GetTimestamp();
                using var response = await client.GetAsync("/");
                response.EnsureSuccessStatusCode();
                seconds[call] = Stopwatch.GetElapsedTime(sent).TotalSeconds;
            }
        }
    }
}
