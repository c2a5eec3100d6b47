using System.Collections.Frozen;

namespace RetryHandler.Classification;

/// <summary>An immutable copy of the classification options.</summary>
internal sealed class ClassificationSettings(ClassificationOptions options)
{
    public FrozenSet<int> ThrottledStatusCodes { get; } = options.ThrottledStatusCodes.ToFrozenSet();

    public FrozenSet<int> TransientStatusCodes { get; } = options.TransientStatusCodes.ToFrozenSet();

    public int MaxErrorBodyBytes { get; } = options.MaxErrorBodyBytes;

    public TimeSpan ErrorBodyTimeout { get; } = options.ErrorBodyTimeout;

    public IReadOnlyList<IOutcomeClassifier> Classifiers { get; } = [.. options.Classifiers];
}
