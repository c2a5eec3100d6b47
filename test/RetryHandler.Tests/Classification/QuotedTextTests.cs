using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What a message quotes may be what a user wrote; an apostrophe quotes nothing.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class QuotedTextTests
{
    [TestCase("a \"b c\" d", "a       d")]
    [TestCase("a 'b c', d", "a      , d")]
    [TestCase("`a` b", "    b")]
    [TestCase("'a' 'b'", "       ")]
    [TestCase("'a \"b\" c", "'a     c")]
    [TestCase("the subject 'it's too many' is", "the subject                 is")]
    public void TryBlank_Quotes_AreSpaces(string message, string blanked)
    {
        var text = new byte[message.Length];

        Assert.That(QuotedText.TryBlank(Encoding.UTF8.GetBytes(message), text));
        Assert.That(Encoding.UTF8.GetString(text), Is.EqualTo(blanked));
    }

    [TestCase("")]
    [TestCase("You've sent too many requests, please don't")]
    [TestCase("\"not closed")]
    [TestCase("the users' requests")]
    [TestCase("'tis the season's")]
    public void TryBlank_NoQuotes_TouchesNothing(string message) =>
        Assert.That(QuotedText.TryBlank(Encoding.UTF8.GetBytes(message), new byte[message.Length]), Is.False);

    /// <summary>No text of quotes takes more than a moment: each is looked at from every other at most.</summary>
    [TestCase("'a")]
    [TestCase("\"")]
    [TestCase("' ")]
    public void TryBlank_ManyQuotes_Ends(string unit)
    {
        var message = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, MessageText.MaxLength)));

        Assert.That(() => QuotedText.TryBlank(message, new byte[MessageText.MaxLength]), Throws.Nothing);
    }
}
