using System.Text.Json.Serialization;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Serializes frames without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DashboardFrame))]
internal sealed partial class DashboardJsonContext : JsonSerializerContext;
