using RetryHandler.Backoff;

namespace RetryHandler.Tests.Backoff;

[TestFixture]
internal sealed class SuccessShareTests
{
    private readonly SuccessShare _share = new();

    [Test]
    public void DelayFactor_NothingKnown_IsNeutral() => Assert.That(_share.DelayFactor, Is.EqualTo(1));

    [TestCase(100, 0.5)]
    [TestCase(90, 0.5)]
    [TestCase(65, 1)]
    [TestCase(40, 2)]
    [TestCase(0, 2)]
    public void DelayFactor_ShareOfSuccesses_HalvesOrDoubles(int percent, double factor)
    {
        // Evenly mixed: each step adds the share, and every full hundred is a success.
        var sum = 0;
        for (var i = 0; i < 1_000; i++)
        {
            sum += percent;
            _share.Record(sum >= 100);
            sum %= 100;
        }

        Assert.That(_share.DelayFactor, Is.EqualTo(factor));
    }

    [Test]
    public void DelayFactor_HealthyClientFails_DoublesWithinTwentyAttempts()
    {
        Record(100, succeeded: true);

        Record(5, succeeded: false);
        Assert.That(_share.DelayFactor, Is.EqualTo(1));
        Record(15, succeeded: false);
        Assert.That(_share.DelayFactor, Is.EqualTo(2));
    }

    [Test]
    public async Task Record_64RacingTasks_LosesNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Record(1_000, succeeded: true))));
        Assert.That(_share.DelayFactor, Is.EqualTo(0.5));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Record(1, succeeded: false))));
        Assert.That(_share.DelayFactor, Is.EqualTo(2));
    }

    private void Record(int attempts, bool succeeded)
    {
        for (var i = 0; i < attempts; i++)
        {
            _share.Record(succeeded);
        }
    }
}
