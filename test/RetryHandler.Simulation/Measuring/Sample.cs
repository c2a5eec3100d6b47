namespace RetryHandler.Simulation.Measuring;

/// <summary>The state of the world at one instant.</summary>
/// <param name="Time">Seconds since the start.</param>
/// <param name="Queue">Attempts that wait, for a token of a client or inside the upstream.</param>
/// <param name="FillRate">The sum of the clients' fill rates; 0 while they are dormant.</param>
internal readonly record struct Sample(double Time, int Queue, double FillRate);
