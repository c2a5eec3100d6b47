using System.Diagnostics;

namespace RetryHandler.Load.Soak;

/// <summary>What this process holds.</summary>
/// <param name="HeapBytes">Reachable at the end of a full collection.</param>
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

        // As the collection left it: the callers allocate 80 MB in each second until this thread goes on.
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return new ProcessSample(
            heap.HeapSizeBytes - heap.FragmentedBytes,
            process.WorkingSet64,
            OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount,
            Timer.ActiveCount,
            process.Threads.Count);
    }
}
