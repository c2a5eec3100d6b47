using BenchmarkDotNet.Attributes;

namespace RetryHandler.Benchmarks.Calls;

/// <summary>All rows of the table, each client by itself, with the statistics of BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class CallBenchmarks : IDisposable
{
    private const int Calls = 1024;

    private ClientUnderLoad _client = null!;

    [ParamsSource(nameof(Rows))]
    public CallRow Row { get; set; } = CallRow.All[0];

    public static IEnumerable<CallRow> Rows => CallRow.All;

    [GlobalSetup(Target = nameof(Bare))]
    public void SetUpBare() => _client = new ClientUnderLoad(ClientKind.Bare, Row);

    [GlobalSetup(Target = nameof(PassThrough))]
    public void SetUpPassThrough() => _client = new ClientUnderLoad(ClientKind.PassThrough, Row);

    [GlobalSetup(Target = nameof(PollyRetry))]
    public void SetUpPollyRetry() => _client = new ClientUnderLoad(ClientKind.PollyRetry, Row);

    [GlobalSetup(Target = nameof(AdaptiveRetry))]
    public void SetUpAdaptiveRetry() => _client = new ClientUnderLoad(ClientKind.AdaptiveRetry, Row);

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void Bare() => _client.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void PassThrough() => _client.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void PollyRetry() => _client.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void AdaptiveRetry() => _client.Run(Calls);

    [GlobalCleanup]
    public void Dispose()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
    }
}
