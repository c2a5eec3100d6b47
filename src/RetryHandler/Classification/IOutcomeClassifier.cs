namespace RetryHandler;

/// <summary>Judges the outcomes that the built-in rules of this library get wrong for some upstream.</summary>
/// <remarks>
/// Add implementations to <see cref="ClassificationOptions.Classifiers"/>. They are asked in order, before the built-in
/// rules; the first that returns a verdict wins. They are called for every attempt that did not succeed, for every 200
/// with a gRPC status in its headers, and with <see cref="ClassificationOptions.InspectSuccessBodies"/> for the
/// successes of which the body is looked at; from many threads at once, so they must not block. An exception thrown by
/// a classifier reaches the caller of the client.
/// </remarks>
public interface IOutcomeClassifier
{
    /// <summary>Judges one outcome.</summary>
    /// <param name="outcome">What came back.</param>
    /// <returns>A verdict, or <see langword="null"/> to leave the outcome to the next classifier.</returns>
    AttemptVerdict? Classify(in AttemptOutcome outcome);
}
