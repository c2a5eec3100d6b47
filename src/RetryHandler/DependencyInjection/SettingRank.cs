namespace RetryHandler.DependencyInjection;

/// <summary>
/// How strong a setting is: what is said of one client beats what is said of all, and code beats configuration.
/// </summary>
internal enum SettingRank
{
    AllClientsInConfiguration,
    AllClientsInCode,
    ClientInConfiguration,
    ClientInCode,
}
