using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class SignsOfOthersTests
{
    private SignsOfOthers _signs;

    [Test]
    public void Add_TwoInARow_AreSure()
    {
        Assert.That((_signs.AreInSight, _signs.AreSure), Is.EqualTo((false, false)));

        _signs.Add();
        Assert.That((_signs.AreInSight, _signs.AreSure), Is.EqualTo((true, false)));
        _signs.Add();

        Assert.That((_signs.AreInSight, _signs.AreSure), Is.EqualTo((true, true)));
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
