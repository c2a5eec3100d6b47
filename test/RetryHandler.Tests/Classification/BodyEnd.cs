namespace RetryHandler.Tests.Classification;

/// <summary>What comes after the last piece of a body.</summary>
public enum BodyEnd
{
    Complete,
    Break,
    Stall,
}
