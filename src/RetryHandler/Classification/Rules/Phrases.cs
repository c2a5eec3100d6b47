using System.Text;

namespace RetryHandler.Classification;

/// <summary>Some words, of which any is searched for in a text.</summary>
internal sealed class Phrases(params string[] phrases)
{
    private readonly byte[][] _phrases = [.. phrases.Select(Encoding.ASCII.GetBytes)];

    /// <param name="text">Where to search.</param>
    /// <param name="pairs">The pairs of letters of the same text.</param>
    public bool AreIn(ReadOnlySpan<byte> text, LetterPairs pairs)
    {
        foreach (var phrase in _phrases)
        {
            if (pairs.Has(phrase[0], phrase[1])
                && pairs.Has(phrase[^2], phrase[^1])
                && text.IndexOf(phrase) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
