using System.Runtime.CompilerServices;

namespace RetryHandler.Replay;

/// <summary>Looks whether a message has headers without making it have some.</summary>
/// <remarks>
/// <see cref="HttpRequestMessage.Headers"/> makes its collection at the first look: 48 B for each call of a client
/// without headers of its own, and there is no other way to ask. The field behind it is read where it is what it has
/// been since .NET Core 2.1, which is tried once; elsewhere the property is asked, at that price.
/// </remarks>
internal static class RequestHeaders
{
    private static readonly bool IsFieldKnown = TryField();

    /// <summary>Gets whether nobody has given the message any header, nor looked for one.</summary>
    public static bool AreUntouched(HttpRequestMessage request) => IsFieldKnown && Field(request) is null;

    private static bool TryField()
    {
        try
        {
            using var request = new HttpRequestMessage();
            var isEmpty = Field(request) is null;
            return isEmpty && ReferenceEquals(request.Headers, Field(request));
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_headers")]
    private static extern ref System.Net.Http.Headers.HttpRequestHeaders? Field(HttpRequestMessage request);
}
