namespace StoreFront.Demo;

/// <summary>The three ways to call an upstream that throttles.</summary>
internal enum ClientKind
{
    None,
    Polly,
    Adaptive,
}

internal static class ClientKindNames
{
    public static string DisplayName(this ClientKind kind) => kind == ClientKind.None ? "no handler" : kind.ToString();
}
