using System.Diagnostics;

namespace RetryHandler.Load.Soak;

/// <summary>What this process holds.</summary>
/// <param name="HeapBytes">Reachable, right after a collection.</param>
/// <param name="ResidentBytes">Memory that the system gave.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="Timers">Timers that are set.</param>
/// <param name="Threads">Threads of every kind.</param>
internal sealed record ProcessSample(double HeapBytes, double ResidentBytes, double Handles, double Timers, double Threads)
{
    public static ProcessSample Take()
    {
        // Twice, because what has a finalizer goes with the second one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return new ProcessSample(
            GC.GetTotalMemory(forceFullCollection: false),
            process.WorkingSet64,
            OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount,
            Timer.ActiveCount,
            process.Threads.Count);
    }
}
