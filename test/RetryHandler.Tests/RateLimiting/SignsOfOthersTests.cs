using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class SignsOfOthersTests
{
    private SignsOfOthers _signs;

    [Test]
    public void Add_TwoInARow_AreSure()
    {
        Assert.That(_signs.AreInSight, Is.False);

        Assert.That(_signs.Add(), Is.False);
        Assert.That(_signs.AreInSight);
        Assert.That(_signs.Add());
    }

    [TestCase(0.0, 4)]
    [TestCase(1.0, 5)]
    [TestCase(20.0, 10, Description = "the more on their way, the more there must be")]
    public void AddUnasked_NoneAskedFor_AreSure(double inFlight, int enough)
    {
        for (var i = 1; i <= enough; i++)
        {
            Assert.That(_signs.AddUnasked(inFlight), Is.EqualTo(i == enough), $"refusal {i}");
        }
    }

    [TestCase(1, 2, 0)]
    [TestCase(2, 3, 0)]
    [TestCase(1, 1, 12, Description = "1, 1.3, 1.6, ... 4.3")]
    [TestCase(2, 1, 3, Description = "2, 3.3, 4.6")]
    public void AddUnasked_SomeAskedFor_AreSureWhenTheyOutnumberThem(int unasked, int asked, int expected)
    {
        var rounds = Enumerable.Range(1, 100).FirstOrDefault(_ => PlayRound());

        Assert.That(rounds, Is.EqualTo(expected));

        bool PlayRound()
        {
            for (var i = 0; i < unasked; i++)
            {
                if (_signs.AddUnasked(inFlight: 0))
                {
                    return true;
                }
            }

            for (var i = 0; i < asked; i++)
            {
                _signs.Fade(accepted: 100);
            }

            return false;
        }
    }

    [TestCase(79, 6, 7)]
    [TestCase(80, 1, 2)]
    public void Fade_CyclesWithoutASign_TakeThemOutOfSight(int accepted, int stillInSight, int outOfSight)
    {
        _signs.Add();
        for (var i = 1; i <= outOfSight; i++)
        {
            _signs.Fade(accepted);

            Assert.That(_signs.AreInSight, Is.EqualTo(i <= stillInSight), $"after {i}");
        }
    }
}
