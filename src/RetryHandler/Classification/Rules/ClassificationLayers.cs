namespace RetryHandler.Classification;

/// <summary>The layers of rules above the bare status; switched off one by one to measure what each is worth.</summary>
[Flags]
internal enum ClassificationLayers
{
    StatusOnly = 0,

    /// <summary>Header rules: should-retry, gateway and limit headers, delays.</summary>
    Headers = 1,

    /// <summary>Error codes in headers and at the error positions of bodies.</summary>
    Codes = 2,

    /// <summary>The words of error messages.</summary>
    Text = 4,

    All = Headers | Codes | Text,
}
