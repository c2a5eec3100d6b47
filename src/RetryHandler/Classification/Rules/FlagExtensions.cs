namespace RetryHandler.Classification;

/// <summary>
/// Tests flags. <see cref="Enum.HasFlag"/> allocates twice in code that the runtime has not optimized yet.
/// </summary>
internal static class FlagExtensions
{
    public static bool Has(this CodeSigns signs, CodeSigns any) => (signs & any) != 0;

    public static bool Has(this TextSigns signs, TextSigns any) => (signs & any) != 0;

    /// <summary>Finds whether words are those of a limit on what runs at the same time.</summary>
    /// <remarks>Not so where they may be about something else: a rate is named too, or advice is given.</remarks>
    public static bool NamesConcurrency(this TextSigns signs) =>
        signs.Has(TextSigns.Concurrency) && !signs.Has(TextSigns.ShortPeriod | TextSigns.Advice);

    public static bool Has(this KeyRoles roles, KeyRoles any) => (roles & any) != 0;

    public static bool Has(this ClassificationLayers layers, ClassificationLayers any) => (layers & any) != 0;
}
