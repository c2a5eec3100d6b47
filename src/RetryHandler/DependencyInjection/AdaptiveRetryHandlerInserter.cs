using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace RetryHandler.DependencyInjection;

/// <summary>Puts the handler into a client's chain while the factory builds it.</summary>
/// <remarks>
/// At that time the client's real name is known, also for clients that get their settings from
/// <c>ConfigureHttpClientDefaults</c>, where the name is <see langword="null"/> at registration
/// (dotnet/extensions#5021).
/// </remarks>
internal static class AdaptiveRetryHandlerInserter
{
    /// <summary>
    /// Adds the handler at the end of the handlers added so far; one that is there already is replaced.
    /// </summary>
    /// <remarks>
    /// A second loop around the first would multiply the attempts (dotnet/extensions#4814). The last call decides where
    /// the handler stands: a client's own call after the one for all clients.
    /// </remarks>
    public static void Insert(HttpMessageHandlerBuilder builder)
    {
        Remove(builder);
        builder.AdditionalHandlers.Add(Create(builder));
    }

    public static void Remove(HttpMessageHandlerBuilder builder)
    {
        for (var i = builder.AdditionalHandlers.Count - 1; i >= 0; i--)
        {
            if (builder.AdditionalHandlers[i] is AdaptiveRetryHandler)
            {
                builder.AdditionalHandlers.RemoveAt(i);
            }
        }
    }

    private static AdaptiveRetryHandler Create(HttpMessageHandlerBuilder builder)
    {
        var services = builder.Services;
        var name = builder.Name ?? Options.DefaultName;
        var state = services.GetRequiredService<ClientStateFactory>().GetOrCreate(name);
        if (!state.IsNestingChecked)
        {
            // The handlers outside this one; those inside are seen at the first send.
            NestedRetries.Warn(builder.AdditionalHandlers, state.Loop.MaxAttempts, state.Loop.Telemetry);
        }

        return new AdaptiveRetryHandler(state);
    }
}
