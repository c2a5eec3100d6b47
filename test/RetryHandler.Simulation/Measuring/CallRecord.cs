namespace RetryHandler.Simulation.Measuring;

/// <summary>One call that has ended; times in seconds.</summary>
internal readonly record struct CallRecord(int Client, double Start, double End, int Attempts, bool Succeeded)
{
    public double Duration => End - Start;
}
