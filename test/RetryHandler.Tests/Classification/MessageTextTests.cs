using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Words count by where they stand; <see cref="KnownWordsTests"/> has the words.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class MessageTextTests
{
    [Test]
    public void Read_Long_IsReadUpToTheGreatestLength()
    {
        const string Words = "rate limit exceeded";
        var before = new string('-', MessageText.MaxLength - Words.Length);

        Assert.That(MessageText.Read(Encoding.ASCII.GetBytes($"{before}{Words} and more")).Has(TextSigns.Overload));
        Assert.That(MessageText.Read(Encoding.ASCII.GetBytes($"{before}--{Words}")).Has(TextSigns.Overload), Is.False);
    }

    [TestCase("UNAUTHORIZED", TextSigns.Permission)]
    [TestCase("Request limit reached", TextSigns.RequestLimit)]
    [TestCase("(#4) Application request limit reached", TextSigns.RequestLimit)]
    [TestCase("(#613) Calls to this api have exceeded the rate limit.", TextSigns.RequestLimit)]
    [TestCase("(#17) too many calls", TextSigns.RequestLimit)]
    [TestCase("Request has reached the frequency limit", TextSigns.RequestLimit)]
    [TestCase("Rate Limited Day.", TextSigns.LongPeriod)]
    [TestCase("Rate Limited Month", TextSigns.LongPeriod)]
    [TestCase("Limit Exceeded", TextSigns.PlanLimit)]
    [TestCase("Error: Slow down", TextSigns.CertainRefusal)]
    [TestCase("Error  slow down", TextSigns.CertainRefusal)]
    [TestCase("Too many calls", TextSigns.CertainRefusal)]
    [TestCase("Too many concurrent jobs", TextSigns.CertainRefusal)]
    [TestCase("Too many requests", TextSigns.CertainRefusal)]
    [TestCase("Rate limited", TextSigns.CertainRefusal)]
    [TestCase("You exceeded the request rate", TextSigns.CertainRefusal)]
    [TestCase("You've exceeded the request rate", TextSigns.CertainRefusal)]
    [TestCase("You have exceeded the request rate", TextSigns.CertainRefusal)]
    [TestCase("Exceeded the request rate", TextSigns.CertainRefusal)]
    [TestCase("Request rate is exceeded", TextSigns.Refusal)]
    public void Read_Sentence_HasItsSign(string text, TextSigns sign) =>
        Assert.That(MessageText.Read(Encoding.UTF8.GetBytes(text)).Has(sign));

    [TestCase("see http://example.test/a slow down", TextSigns.Throttling, true)]
    [TestCase("see http://example.test/rate limit", TextSigns.Throttling, false)]
    [TestCase("see http://example.test/a http://example.test/throttled", TextSigns.Throttling, false)]
    [TestCase("the field 'rate limit exceeded'", TextSigns.CertainRefusal, false)]
    [TestCase("the limit 'per day' is reached", TextSigns.LongPeriod, true)]
    [TestCase("one load balance and another load balance is low", TextSigns.Balance, false)]
    [TestCase("Limit exceeded for now", TextSigns.PlanLimit, false)]
    [TestCase("The day is over", TextSigns.LongPeriod, false)]
    [TestCase("Request was refused by frequency", TextSigns.RequestLimit, false)]
    [TestCase("(#4) something", TextSigns.RequestLimit, false)]
    [TestCase("Error 5: slow down", TextSigns.CertainRefusal, false)]
    [TestCase("Exceeded the size", TextSigns.CertainRefusal, false)]
    public void Read_Place_Counts(string text, TextSigns sign, bool isPresent) =>
        Assert.That(MessageText.Read(Encoding.UTF8.GetBytes(text)).Has(sign), Is.EqualTo(isPresent));
}
