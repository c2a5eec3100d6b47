using System.Text.Json.Serialization;

namespace StoreFront.Live;

/// <summary>What a refusal tells of the time to come again.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LiveHint>))]
internal enum LiveHint
{
    None,
    Exact,
    OneSecond,
}
