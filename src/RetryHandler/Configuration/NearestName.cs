namespace RetryHandler.Configuration;

/// <summary>Guesses which name was meant by a misspelt one.</summary>
internal static class NearestName
{
    /// <summary>Finds the name that is the fewest changes away, if they are few for its length.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var (nearest, distance) = known
            .Select(candidate => (candidate, Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .MinBy(static pair => pair.Item2);
        return nearest is not null && distance <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>Counts the letters to insert, leave out or change (the Levenshtein distance).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var changed = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
