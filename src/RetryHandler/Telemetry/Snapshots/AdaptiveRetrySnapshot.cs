using System.Text.Json;

namespace RetryHandler;

/// <summary>All clients at one instant.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="Clients">The clients that were used so far, by name.</param>
public sealed record AdaptiveRetrySnapshot(DateTimeOffset At, IReadOnlyList<ClientSnapshot> Clients)
{
    /// <summary>Writes the snapshot as JSON, without reflection.</summary>
    /// <remarks>Names in camel case, enums by name; values that are absent are left out.</remarks>
    /// <returns>The JSON text.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, AdaptiveRetryJsonContext.Default.AdaptiveRetrySnapshot);
}
