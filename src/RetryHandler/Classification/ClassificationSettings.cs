using System.Collections.Frozen;

namespace RetryHandler.Classification;

/// <summary>An immutable copy of the classification options.</summary>
internal sealed class ClassificationSettings(ClassificationOptions options)
{
    // Nearly every client has the usual codes: one copy for all of them saves each 2.9 KB.
    private static readonly ClassificationOptions Usual = new();
    private static readonly FrozenSet<int> UsualThrottled = Usual.ThrottledStatusCodes.ToFrozenSet();
    private static readonly FrozenSet<int> UsualTransient = Usual.TransientStatusCodes.ToFrozenSet();

    public FrozenSet<int> ThrottledStatusCodes { get; } = Freeze(options.ThrottledStatusCodes, UsualThrottled);

    public FrozenSet<int> TransientStatusCodes { get; } = Freeze(options.TransientStatusCodes, UsualTransient);

    public CodeSet ThrottlingErrorCodes { get; } = CodeSet.Of(options.ThrottlingErrorCodes);

    public CodeSet TransientErrorCodes { get; } = CodeSet.Of(options.TransientErrorCodes);

    public bool InspectSuccessBodies { get; } = options.InspectSuccessBodies;

    public int MaxErrorBodyBytes { get; } = options.MaxErrorBodyBytes;

    public TimeSpan ErrorBodyTimeout { get; } = options.ErrorBodyTimeout;

    public IReadOnlyList<IOutcomeClassifier> Classifiers { get; } = [.. options.Classifiers];

    /// <summary>Gets the layers of rules in force; all but in measurements of what each is worth.</summary>
    public ClassificationLayers Layers { get; init; } = ClassificationLayers.All;

    private static FrozenSet<int> Freeze(ISet<int> codes, FrozenSet<int> usual) =>
        codes.SetEquals(usual) ? usual : codes.ToFrozenSet();
}
