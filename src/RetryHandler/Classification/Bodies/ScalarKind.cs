namespace RetryHandler.Classification;

/// <summary>What sort of single value a body reader found.</summary>
internal enum ScalarKind
{
    String,
    Number,
    True,
    False,
    Null,
}
