using System.Globalization;

namespace RetryHandler.Configuration;

/// <summary>The values that an option may have.</summary>
internal sealed record OptionRange<T>(T Least, T Most, bool ExcludesLeast = false)
    where T : struct, IComparable<T>
{
    // NaN compares below everything, so it is in no range.
    public bool Contains(T value) =>
        value.CompareTo(Most) <= 0 && value.CompareTo(Least) is var order && (ExcludesLeast ? order > 0 : order >= 0);

    public override string ToString() => ExcludesLeast
        ? string.Create(CultureInfo.InvariantCulture, $"above {Least} and at most {Most}")
        : string.Create(CultureInfo.InvariantCulture, $"between {Least} and {Most}");
}
