using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace FlakyUpstream.Behaviours;

/// <summary>The parts of a text such as <c>token-bucket?rate=200&amp;burst=20</c>, each checked.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, StringValues> _unread;

    public Parameters(string text)
    {
        var question = text.IndexOf('?');
        Kind = question < 0 ? text : text[..question];
        _unread = QueryHelpers.ParseQuery(question < 0 ? "" : text[question..]);
    }

    public string Kind { get; }

    public string Text(string name, string fallback)
    {
        if (!_unread.Remove(name, out var values))
        {
            return fallback;
        }

        var value = values.ToString();
        return value.Length <= 64 && value.All(c => c is >= ' ' and <= '~')
            ? value
            : throw new FormatException($"{name} must be at most 64 printable ASCII characters.");
    }

    public double Number(string name, double fallback, double min, double max)
    {
        var text = Text(name, "");
        if (text.Length == 0)
        {
            return fallback;
        }

        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{name}={text} must be a number from {min} to {max}.");
    }

    public int Integer(string name, int fallback, int min, int max)
    {
        var number = Number(name, fallback, min, max);
        return double.IsInteger(number)
            ? (int)number
            : throw new FormatException($"{name}={number} must be a whole number.");
    }

    public bool Flag(string name)
    {
        var text = Text(name, "false");
        return bool.TryParse(text, out var flag)
            ? flag
            : throw new FormatException($"{name}={text} must be true or false.");
    }

    /// <summary>A parameter that nobody asked for is a typing error, and would silently test the wrong limit.</summary>
    public void RejectUnread()
    {
        if (_unread.Count > 0)
        {
            throw new FormatException($"{Kind} has no parameter {string.Join(", ", _unread.Keys)}.");
        }
    }
}
