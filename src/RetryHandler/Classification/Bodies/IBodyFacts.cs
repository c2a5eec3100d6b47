namespace RetryHandler.Classification;

/// <summary>Takes in what a body reader finds.</summary>
internal interface IBodyFacts
{
    /// <summary>Takes in that an object or array begins.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="key">Its name.</param>
    void AddContainer(ErrorPlace place, ErrorKey key);

    /// <summary>Takes in a body that is nothing but words.</summary>
    void AddText(ReadOnlySpan<byte> text);

    /// <summary>Takes in one value.</summary>
    /// <param name="place">Where the object stands that holds the value.</param>
    /// <param name="key">The value's name; for the elements of an array, the array's.</param>
    /// <param name="kind">The sort of value.</param>
    /// <param name="value">A string's text, or the letters of another value; nothing of strings outside.</param>
    /// <param name="depth">How many objects and arrays are open.</param>
    void AddScalar(ErrorPlace place, ErrorKey key, ScalarKind kind, ReadOnlySpan<byte> value, int depth);
}
