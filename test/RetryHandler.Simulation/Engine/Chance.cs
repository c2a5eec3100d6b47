namespace RetryHandler.Simulation.Engine;

/// <summary>The world's random numbers: a sequence of its own, apart from those of the clients.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    public double Between(double low, double high) => low + ((high - low) * _random.NextDouble());

    public double Exponential(double mean) => -mean * Math.Log(1 - _random.NextDouble());
}
