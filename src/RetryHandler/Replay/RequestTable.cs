using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RetryHandler.Replay;

/// <summary>One value of single requests, for as long as these live.</summary>
/// <remarks>
/// Beside the requests and not in their options, because every call has to look here: the first look at a message's
/// options allocates them.
/// </remarks>
internal sealed class RequestTable<T>
    where T : notnull
{
    private readonly ConditionalWeakTable<HttpRequestMessage, object> _values = [];

    // Where nobody ever set a value, nobody has to search.
    private volatile bool _isUsed;

    public void Set(HttpRequestMessage request, T value)
    {
        _values.AddOrUpdate(request, value);
        _isUsed = true;
    }

    public bool TryFind(HttpRequestMessage? request, [MaybeNullWhen(false)] out T value)
    {
        if (_isUsed && request is not null && _values.TryGetValue(request, out var found))
        {
            value = (T)found;
            return true;
        }

        value = default;
        return false;
    }
}
