using System.Text;

namespace RetryHandler.Tests.Classification;

/// <summary>Makes a new body of one or two old ones.</summary>
internal sealed class BodyMutator(IReadOnlyList<byte[]> seeds, Random random)
{
    private const int MaxPool = 20_000;

    private readonly List<byte[]> _pool = [.. seeds];

    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", "\\", ":", ",", "\\u0043", "\\uD83D", "null", "429", "-1e9",
            "\"code\":\"Throttling\"", "\"error\":{", "\"errors\":[", "\"message\":", "<", ">", "</", "/>", "<!--",
            "-->", "<![CDATA[", "]]>", "<?", "?>", "<Code>", "</Code>", "<Error>", "</Error>", "<!DOCTYPE ", "&amp;",
            "&x;", "\ufeff", "\0", "\n", " ", "é", "😀",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Keeps a body for further changes.</summary>
    public void Keep(byte[] body)
    {
        if (_pool.Count < MaxPool)
        {
            _pool.Add(body);
        }
    }

    public byte[] Change()
    {
        var body = Pick();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            body = ChangeOnce(body);
        }

        return body.Length is > 0 and <= 8192 ? body : Pick();
    }

    private byte[] ChangeOnce(byte[] body)
    {
        var at = random.Next(body.Length + 1);
        var length = random.Next(Math.Min(40, body.Length - at) + 1);
        var other = Pick();
        var from = random.Next(other.Length);
        return random.Next(8) switch
        {
            0 => [.. body[..at], .. body[(at + length)..]],
            1 => [.. body[..at], .. Words[random.Next(Words.Length)], .. body[at..]],
            2 => [.. body[..at], .. Words[random.Next(Words.Length)], .. body[(at + length)..]],
            3 => [.. body[..at], .. body[at..(at + length)], .. body[at..]],
            4 => [.. body[..at], .. other[from..]],
            5 => [.. body[..at], .. other[from..random.Next(from, other.Length)], .. body[at..]],
            6 => body[..at],
            _ => [.. body[..at], (byte)random.Next(256), .. body[Math.Min(at + 1, body.Length)..]],
        };
    }

    // Of the changed ones alone, most would soon be broken beyond reading.
    private byte[] Pick() => random.Next(2) == 0 ? seeds[random.Next(seeds.Count)] : _pool[random.Next(_pool.Count)];
}
