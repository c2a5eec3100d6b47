using System.Text;
using System.Text.RegularExpressions;

namespace RetryHandler.Tests.Conventions;

/// <summary>Just enough of C#'s lexical rules to find identifiers that are code.</summary>
internal static partial class CSharpText
{
    /// <summary>
    /// Removes comments, character literals and the text of strings; keeps the expressions inside interpolated strings.
    /// </summary>
    public static string StripCommentsAndStrings(string text)
    {
        var stripper = new Stripper(text);
        stripper.ReadCode(inHole: false);
        return stripper.Result.ToString();
    }

    /// <summary>Finds the identifiers of stripped code.</summary>
    public static IEnumerable<string> Identifiers(string code) =>
        IdentifierPattern().Matches(code).Select(static match => match.Value);

    /// <summary>Finds names with dots of stripped code: <c>A.B.C</c>, also when they are broken over lines.</summary>
    public static IEnumerable<string> DottedNames(string code) =>
        DottedNamePattern().Matches(code).Select(
            static match => WhiteSpacePattern().Replace(match.Value, string.Empty));

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex IdentifierPattern();

    [GeneratedRegex(@"[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)+")]
    private static partial Regex DottedNamePattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpacePattern();

    private sealed class Stripper(string text)
    {
        private int _at;

        public StringBuilder Result { get; } = new();

        /// <summary>Reads code; inside an interpolated string up to the brace that closes the hole.</summary>
        public void ReadCode(bool inHole)
        {
            var depth = 0;
            while (_at < text.Length)
            {
                if (StartsWith("//"))
                {
                    SkipTo("\n", including: false);
                }
                else if (StartsWith("/*"))
                {
                    SkipTo("*/", including: true);
                }
                else if (text[_at] == '\'')
                {
                    ReadCharacter();
                }
                else if (!TryReadString())
                {
                    depth += text[_at] == '{' ? 1 : text[_at] == '}' ? -1 : 0;
                    if (inHole && depth < 0)
                    {
                        return;
                    }

                    Result.Append(text[_at++]);
                }
            }
        }

        private bool TryReadString()
        {
            var start = _at;
            while (start < text.Length && text[start] is '$' or '@')
            {
                start++;
            }

            if (start == text.Length || text[start] != '"')
            {
                return false;
            }

            var prefix = text[_at..start];
            var holeBraces = prefix.Count(static c => c == '$');
            var quotes = 1;
            while (start + quotes < text.Length && text[start + quotes] == '"')
            {
                quotes++;
            }

            // Two quotes are an empty string, not the beginning of a longer one.
            var isRaw = quotes >= 3 && !prefix.Contains('@', StringComparison.Ordinal);
            _at = start + (isRaw ? quotes : 1);
            Result.Append("\"\"");
            ReadString(
                isRaw ? new string('"', quotes) : "\"",
                isVerbatim: prefix.Contains('@', StringComparison.Ordinal),
                isRaw,
                holeBraces);
            return true;
        }

        private void ReadString(string end, bool isVerbatim, bool isRaw, int holeBraces)
        {
            var hole = new string('{', Math.Max(1, isRaw ? holeBraces : 1));
            while (_at < text.Length)
            {
                if (!isRaw && ((isVerbatim && StartsWith("\"\"")) || (!isVerbatim && text[_at] == '\\')
                    || (holeBraces > 0 && StartsWith("{{"))))
                {
                    _at += 2;
                }
                else if (StartsWith(end))
                {
                    _at += end.Length;
                    return;
                }
                else if (holeBraces > 0 && StartsWith(hole))
                {
                    _at += hole.Length;
                    Result.Append(' ');
                    ReadCode(inHole: true);
                    _at += hole.Length;
                    Result.Append(' ');
                }
                else
                {
                    _at++;
                }
            }
        }

        private void ReadCharacter()
        {
            _at += text[_at + 1] == '\\' ? 3 : 1;
            SkipTo("'", including: true);
            Result.Append(' ');
        }

        private void SkipTo(string end, bool including)
        {
            var found = text.IndexOf(end, _at, StringComparison.Ordinal);
            _at = found < 0 ? text.Length : found + (including ? end.Length : 0);
        }

        private bool StartsWith(string value) =>
            string.CompareOrdinal(text, _at, value, 0, value.Length) == 0;
    }
}
