using System.Text.Json.Serialization;

namespace RetryHandler;

/// <summary>Serializes snapshots as JSON without reflection, for trimmed and native programs too.</summary>
/// <remarks>Camel case, enums by name, absent values left out.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdaptiveRetrySnapshot))]
internal sealed partial class AdaptiveRetryJsonContext : JsonSerializerContext;
