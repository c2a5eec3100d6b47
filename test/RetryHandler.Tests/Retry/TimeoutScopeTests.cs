using RetryHandler.Retry;

namespace RetryHandler.Tests.Retry;

/// <summary>Whose cancellation it was.</summary>
[TestFixture]
internal sealed class TimeoutScopeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Test]
    public void TimeLeft_TimePasses_ShrinksAndEndsWithTheToken()
    {
        using var scope = new TimeoutScope(Limit, _time, CancellationToken.None);

        Assert.That(scope.TimeLeft, Is.EqualTo(Limit));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(scope.TimeLeft, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(scope.Token.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(scope.TimeLeft, Is.EqualTo(TimeSpan.Zero));
        Assert.That(scope.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Attribute_LimitPassed_IsATimeoutThatNamesIt()
    {
        using var scope = new TimeoutScope(Limit, _time, CancellationToken.None);
        _time.Advance(Limit);
        var thrown = new OperationCanceledException("aborted", scope.Token);

        var attributed = scope.Attribute(thrown, "attempt");

        Assert.Multiple(() =>
        {
            Assert.That(attributed, Is.TypeOf<TaskCanceledException>());
            Assert.That(attributed.Message, Does.Contain("The attempt was cancelled").And.Contain("00:00:10"));
            Assert.That(attributed.InnerException, Is.TypeOf<TimeoutException>());
            Assert.That(attributed.InnerException!.Message, Is.EqualTo("aborted"));
            Assert.That(attributed.InnerException.InnerException, Is.SameAs(thrown));
            Assert.That(attributed.CancellationToken.IsCancellationRequested, Is.True);
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Attribute_CallerCancelled_CarriesTheCallersToken(bool isLateToo)
    {
        using var caller = new CancellationTokenSource();
        using var scope = new TimeoutScope(Limit, _time, caller.Token);
        caller.Cancel();
        _time.Advance(isLateToo ? Limit : TimeSpan.Zero);
        var thrown = new OperationCanceledException("aborted", scope.Token);

        var attributed = scope.Attribute(thrown, "attempt");

        Assert.That(attributed.CancellationToken, Is.EqualTo(caller.Token));
        Assert.That(attributed.Message, Is.EqualTo("aborted"));
        Assert.That(attributed.InnerException, Is.SameAs(thrown));
    }

    [Test]
    public void Attribute_CallersOwnException_StaysAsItIs()
    {
        using var caller = new CancellationTokenSource();
        using var scope = new TimeoutScope(Limit, _time, caller.Token);
        caller.Cancel();
        var thrown = new OperationCanceledException("aborted", caller.Token);

        Assert.That(scope.Attribute(thrown, "attempt"), Is.SameAs(thrown));
    }

    /// <summary>An inner handler gave up by itself.</summary>
    [Test]
    public void Attribute_SomebodyElses_StaysAsItIs()
    {
        using var scope = new TimeoutScope(Limit, _time, CancellationToken.None);
        var thrown = new OperationCanceledException("aborted");

        Assert.That(scope.Attribute(thrown, "attempt"), Is.SameAs(thrown));
    }

    [Test]
    public void Dispose_BeforeTheLimit_LeavesNoTimer()
    {
        new TimeoutScope(Limit, _time, CancellationToken.None).Dispose();

        Assert.That(_time.ActiveTimers, Is.Zero);
    }
}
