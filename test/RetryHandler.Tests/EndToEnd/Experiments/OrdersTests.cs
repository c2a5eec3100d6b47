using RetryHandler.Tests.EndToEnd.Faults;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// Orders through an upstream that takes them and then breaks, or fails, or refuses: never is one taken twice, and none
/// that could be taken is lost.
/// </summary>
/// <remarks>20,000 orders of each kind with <c>RETRYHANDLER_FULL=1</c>.</remarks>
[TestFixture]
[CancelAfter(180_000)]
internal sealed class OrdersTests
{
    private const int Callers = 64;
    /// <summary>
    /// Half of the attempts is refused at random, however slow the client: without a floor it would go ever slower.
    /// </summary>
    private const double RateThatDoesNotMatter = 3_000;

    private static readonly int Orders = FullSize.Of(20_000, 3_000);

    /// <remarks>
    /// All values but the delays are the defaults. A tenth of the attempts is refused, because at some share the retry
    /// quota ends the retries of refused orders, as it should.
    /// </remarks>
    [Test]
    public Task Post_Defaults_NoOrderIsTakenTwiceAndNoneIsLost() => PlacePostsAsync(
        "POST, defaults",
        new OrderPlan(Seed: 1, RefusedShare: 0.1, FailedShare: 0.1, MayAlwaysSucceed: true),
        _ => { });

    /// <remarks>The quota is raised: with half of the attempts refused the default one soon ends all retries.</remarks>
    [Test]
    public Task Post_HalfIsRefused_NoOrderIsTakenTwiceAndNoneIsLost() => PlacePostsAsync(
        "POST, half refused, quota raised",
        new OrderPlan(Seed: 2, RefusedShare: 0.5, FailedShare: 0.5, MayAlwaysSucceed: true),
        options =>
        {
            options.Quota.Capacity = 1_000_000;
            options.SendRate.MinRate = RateThatDoesNotMatter;
        });

    /// <remarks>The default quota runs dry: that may cost refused orders, but must not have one taken twice.</remarks>
    [Test]
    public async Task Post_QuotaRunsDry_NoOrderIsTakenTwiceAndTheLostOnesSayWhy()
    {
        var plan = new OrderPlan(Seed: 3, RefusedShare: 0.5, FailedShare: 0.5, MayAlwaysSucceed: true);
        await using var upstream = await OrderUpstream.StartAsync(plan, Orders);

        var outcomes = await PlaceAsync(upstream, HttpMethod.Post, options => options.SendRate.MinRate = RateThatDoesNotMatter);

        OrderTable.Print("POST, half refused, default quota", plan, upstream, outcomes);
        var lost = AllOrders
            .Where(order => upstream.ExecutionsOf(order) == 0 && plan.FirstNotRefused(order).Step.Executes)
            .ToLookup(order => outcomes[order].StopReason);
        Assert.Multiple(() =>
        {
            Assert.That(AllOrders.Max(upstream.ExecutionsOf), Is.EqualTo(1), "taken twice");
            Assert.That(lost[RetryStopReason.RetryQuotaExhausted], Is.Not.Empty, "the quota did run dry");
            Assert.That(
                lost.Select(group => group.Key),
                Is.SubsetOf(new RetryStopReason?[] { RetryStopReason.RetryQuotaExhausted, null }));
            Assert.That(
                lost[null].Select(order => plan.StepOf(order, upstream.AttemptsOf(order)).Name).Distinct(),
                Is.SubsetOf(new[] { "connection refused" }));
        });
    }

    /// <summary>What the experiment is there to find, if it were there: a client that repeats everything.</summary>
    [Test]
    public async Task Post_BlindRetries_OrdersAreTakenTwice()
    {
        var plan = new OrderPlan(Seed: 1, RefusedShare: 0.1, FailedShare: 0.1, MayAlwaysSucceed: true);
        await using var upstream = await OrderUpstream.StartAsync(plan, Orders);

        var outcomes = await PlaceAsync(
            upstream, HttpMethod.Post, options => options.Replay.UnsafeMethods = UnsafeMethodReplay.Always);

        OrderTable.Print("POST, blind retries", plan, upstream, outcomes);
        Assert.That(AllOrders.Count(order => upstream.ExecutionsOf(order) > 1), Is.GreaterThan(Orders / 100));
    }

    /// <remarks>
    /// The same faults, independently at each attempt. Attempts and quota are raised: with the default 3 attempts, a
    /// share of 0.28 of failed attempts alone leaves 2 % of the calls without success.
    /// </remarks>
    [Test]
    public async Task Put_RaisedAttempts_EveryOrderIsThereOnceInTheEnd()
    {
        var plan = new OrderPlan(Seed: 4, RefusedShare: 0.1, FailedShare: 0.2, MayAlwaysSucceed: false);
        await using var upstream = await OrderUpstream.StartAsync(plan, Orders);

        var outcomes = await PlaceAsync(upstream, HttpMethod.Put, options =>
        {
            options.MaxAttempts = 10;
            options.Quota.Capacity = 1_000_000;
        });

        OrderTable.Print("PUT, 10 attempts, quota raised", plan, upstream, outcomes);
        var succeeded = AllOrders.Where(order => outcomes[order].Succeeded).ToList();
        Assert.Multiple(() =>
        {
            Assert.That((double)succeeded.Count / Orders, Is.GreaterThan(0.999), "success share");
            Assert.That(succeeded.Where(order => !upstream.Holds(order)), Is.Empty, "told so, but not there");
            Assert.That(
                AllOrders.Where(order => upstream.ExecutionsOf(order) > 0 && !upstream.Holds(order)),
                Is.Empty,
                "there with other content");
        });
    }

    private static IEnumerable<int> AllOrders => Enumerable.Range(0, Orders);

    private static async Task PlacePostsAsync(string title, OrderPlan plan, Action<AdaptiveRetryOptions> configure)
    {
        await using var upstream = await OrderUpstream.StartAsync(plan, Orders);

        var outcomes = await PlaceAsync(upstream, HttpMethod.Post, configure);

        OrderTable.Print(title, plan, upstream, outcomes);
        Assert.That(AllOrders.Where(order => Explain(order) is not null).Take(10).Select(Explain), Is.Empty);

        string? Explain(int order)
        {
            // What happens at the first attempt that is not refused decides: taken or not, told or not, never again.
            var (step, attempt) = plan.FirstNotRefused(order);
            var expected = (attempt, step.Executes ? 1 : 0, step == OrderStep.Accept);
            var actual = (upstream.AttemptsOf(order), upstream.ExecutionsOf(order), outcomes[order].Succeeded);
            return actual == expected
                ? null
                : $"order {order} ({step.Name}): {actual} attempts, executions, success instead of {expected}, "
                    + $"{outcomes[order].StopReason}";
        }
    }

    private static async Task<OrderOutcome[]> PlaceAsync(
        OrderUpstream upstream, HttpMethod method, Action<AdaptiveRetryOptions> configure)
    {
        await using var client = new FaultClient(
            synchronous: false, upstream.Address, configure, innerHandler: upstream.CreateInnerHandler);
        var outcomes = new OrderOutcome[Orders];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var order = Interlocked.Increment(ref next); order < Orders; order = Interlocked.Increment(ref next))
            {
                using var request = OrderUpstream.Request(method, order);
                outcomes[order] = await PlaceAsync(client.Http, request);
            }
        })));
        return outcomes;
    }

    private static async Task<OrderOutcome> PlaceAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            using var response = await http.SendAsync(request);
            return new OrderOutcome(response.IsSuccessStatusCode, response.GetAdaptiveRetryInfo().StopReason);
        }
        catch (HttpRequestException)
        {
            return new OrderOutcome(Succeeded: false, StopReason: null);
        }
    }
}
