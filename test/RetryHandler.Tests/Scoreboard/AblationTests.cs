using RetryHandler.Simulation.Ablations;

namespace RetryHandler.Tests.Scoreboard;

[TestFixture]
internal sealed class AblationTests
{
    /// <summary>The study takes long and runs by hand: here it is only kept from growing stale.</summary>
    [TestCaseSource(typeof(Ablation), nameof(Ablation.All))]
    public void Apply_CodeOfNow_ChangesIt(Ablation ablation)
    {
        var root = Directory.CreateTempSubdirectory("ablation").FullName;
        try
        {
            var room = Directory.CreateDirectory(Path.Combine(root, "src/RetryHandler/RateLimiting")).FullName;
            var code = Path.Combine(RepositoryRoot.Path, "src/RetryHandler/RateLimiting", ablation.File);
            var copy = Path.Combine(room, ablation.File);
            File.Copy(code, copy);

            ablation.Apply(root);

            Assert.That(File.ReadAllText(copy), Is.Not.EqualTo(File.ReadAllText(code)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public void Apply_CodeThatChanged_Throws()
    {
        var root = Directory.CreateTempSubdirectory("ablation").FullName;
        try
        {
            var room = Directory.CreateDirectory(Path.Combine(root, "src/RetryHandler/RateLimiting")).FullName;
            File.WriteAllText(Path.Combine(room, "A.cs"), "one one");

            Assert.That(
                () => new Ablation("idea", "A.cs", "one", "two").Apply(root), Throws.InvalidOperationException);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
