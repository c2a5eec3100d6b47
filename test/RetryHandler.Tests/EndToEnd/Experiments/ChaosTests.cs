using RetryHandler.Tests.EndToEnd.Faults;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// Faults and cancellations at random points, 64 callers by both doors: no hang, and at rest everything is as before.
/// </summary>
/// <remarks>
/// 100,000 calls with <c>RETRYHANDLER_FULL=1</c>. Alone, because it looks at the memory of the process.
/// </remarks>
[TestFixture]
[NonParallelizable]
[CancelAfter(180_000)]
internal sealed class ChaosTests
{
    private const int Callers = 64;
    private const int SynchronousCallers = 8;
    private const int Capacity = 1_000_000;
    private static readonly int Calls = FullSize.Of(25_000, 1_000);

    private readonly ChaosHandler _upstream = new();

    [TearDown]
    public void TearDown() => _upstream.Dispose();

    /// <remarks>
    /// One retry a call, each for one token, nothing for successes: what is missing in the end must be exactly the
    /// number of retries that led to no success.
    /// </remarks>
    [TestCase(1, false)]
    [TestCase(2, false)]
    [TestCase(3, true)]
    [TestCase(4, true)]
    public async Task SendAsync_RandomFaultsAndCancellations_NothingIsLostOrLeftBehind(int seed, bool totalTimeout)
    {
        using var unobserved = new UnobservedExceptions();
        await using var client = Create(options =>
        {
            options.MaxAttempts = 2;
            options.Quota.TransientCost = 1;
            options.Quota.TimeoutCost = 1;
            options.Quota.ThrottledCost = 1;
            options.Quota.FirstTryRefund = 0;
            options.Quota.Capacity = Capacity;
            options.TotalTimeout = totalTimeout ? TimeSpan.FromSeconds(30) : null;
        });

        var warmUp = await RunAsync(client, seed * 1_000_000, Calls / 5);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var tally = await RunAsync(client, (seed * 1_000_000) + Calls, Calls);
        var spent = Capacity - client.Quota;

        TestContext.Out.WriteLine($"seed {seed}: {tally}; {_upstream.Responses} responses");
        Assert.Multiple(() =>
        {
            Assert.That(tally.Calls, Is.EqualTo(Calls));
            Assert.That(tally.TokenWaits, Is.GreaterThan(0), "the limiter was in it");
            Assert.That(spent, Is.EqualTo(warmUp.Cost + tally.Cost), "quota");
            client.AssertAtRest();
            Assert.That(_upstream.LostResponses, Is.Zero, "responses that nobody disposed of");
            Assert.That(unobserved.Collect(), Is.Empty);
            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(2_000_000), "memory");
        });
    }

    /// <remarks>
    /// The defaults: whatever was lost on the way, successes fill the quota up again, and no further.
    /// </remarks>
    [TestCase(5)]
    public async Task SendAsync_AfterTheChaos_SuccessesFillTheQuota(int seed)
    {
        await using var client = Create(_ => { });

        await RunAsync(client, seed * 1_000_000, Calls);
        Assert.That(client.Quota, Is.LessThan(500), "the chaos did cost something");
        await RunAsync(client, 0, calls: 500, isHealthy: true);

        Assert.Multiple(() =>
        {
            Assert.That(client.Quota, Is.EqualTo(500));
            client.AssertAtRest();
            Assert.That(_upstream.LostResponses, Is.Zero);
        });
    }

    private FaultClient Create(Action<AdaptiveRetryOptions> configure) => new(_upstream, options =>
    {
        options.AttemptTimeout = TimeSpan.FromMilliseconds(20);
        options.Classification.ErrorBodyTimeout = TimeSpan.FromMilliseconds(3);
        options.SendRate.MinRate = 1_000;
        configure(options);
    });

    private static async Task<ChaosTally> RunAsync(FaultClient client, int firstSeed, int calls, bool isHealthy = false)
    {
        var tally = new ChaosTally();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(CallAsync))
            .WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
        return tally;

        // Blocking callers have threads of their own: those of the pool are for the others.
        Task CallAsync(int caller) => caller < SynchronousCallers
            ? Task.Factory.StartNew(
                () => LoopAsync(synchronous: true).GetAwaiter().GetResult(),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)
            : Task.Run(() => LoopAsync(synchronous: false));

        async Task LoopAsync(bool synchronous)
        {
            for (var i = Interlocked.Increment(ref next); i < calls; i = Interlocked.Increment(ref next))
            {
                using var call = new ChaosCall(firstSeed + i, isHealthy);
                try
                {
                    using var response = synchronous
                        ? client.Invoker.Send(call.Request, call.Token)
                        : await client.Invoker.SendAsync(call.Request, call.Token);
                    tally.AddResponse(call, response);
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    tally.AddException(call, e);
                }
            }
        }
    }
}
