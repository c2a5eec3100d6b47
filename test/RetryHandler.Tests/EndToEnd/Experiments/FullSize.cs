namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>Experiments run small in every build, and in full when <c>RETRYHANDLER_FULL=1</c> is set.</summary>
internal static class FullSize
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("RETRYHANDLER_FULL") == "1";

    public static int Of(int full, int small) => IsOn ? full : small;
}
