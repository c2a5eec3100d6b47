using System.Collections.Frozen;

namespace RetryHandler.Classification;

/// <summary>An immutable copy of the classification options.</summary>
internal sealed class ClassificationSettings(ClassificationOptions options)
{
    public FrozenSet<int> ThrottledStatusCodes { get; } = options.ThrottledStatusCodes.ToFrozenSet();

    public FrozenSet<int> TransientStatusCodes { get; } = options.TransientStatusCodes.ToFrozenSet();

    public CodeSet ThrottlingErrorCodes { get; } = new(options.ThrottlingErrorCodes);

    public CodeSet TransientErrorCodes { get; } = new(options.TransientErrorCodes);

    public bool InspectSuccessBodies { get; } = options.InspectSuccessBodies;

    public int MaxErrorBodyBytes { get; } = options.MaxErrorBodyBytes;

    public TimeSpan ErrorBodyTimeout { get; } = options.ErrorBodyTimeout;

    public IReadOnlyList<IOutcomeClassifier> Classifiers { get; } = [.. options.Classifiers];

    /// <summary>Gets the layers of rules in force; all but in measurements of what each is worth.</summary>
    public ClassificationLayers Layers { get; init; } = ClassificationLayers.All;
}
