namespace RetryHandler.Tests.Configuration;

/// <summary>What is asked of one option, in the words of a configuration.</summary>
public sealed record OptionRow(
    string Path, string? Default, string LowerEdge, string UpperEdge, string? NotAllowed, string Remedy);
