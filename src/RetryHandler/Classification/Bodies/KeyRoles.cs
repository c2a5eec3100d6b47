namespace RetryHandler.Classification;

/// <summary>What the value of a name may be, when it stands at the place of an error.</summary>
[Flags]
internal enum KeyRoles : byte
{
    None = 0,

    /// <summary>An object or array that leads on to errors.</summary>
    Container = 1,

    Code = 2,

    /// <summary>A code, but not in the root, where the name means something else.</summary>
    NestedCode = 4,

    /// <summary>A code, but only in the root or its error: further down it is the name of a field.</summary>
    OuterCode = 8,

    Message = 16,
}
