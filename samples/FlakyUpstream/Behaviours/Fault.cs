namespace FlakyUpstream.Behaviours;

internal enum Fault
{
    None,
    Error,
    Abort,
}
