namespace FlakyUpstream.Limits;

/// <summary>Decides at once whether a request may come in. Pure: the caller brings the time and the lock.</summary>
internal interface ILimit
{
    /// <param name="now">Time since the limit was made; never goes back.</param>
    Admission TryEnter(TimeSpan now);
}
