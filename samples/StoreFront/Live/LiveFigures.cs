namespace StoreFront.Live;

/// <summary>One client's figures: what its upstream saw, and what its callers got.</summary>
/// <param name="Name">The client.</param>
/// <param name="Accepted">Attempts that the upstream took, since the start.</param>
/// <param name="Refused">Attempts that it refused.</param>
/// <param name="Succeeded">Calls that succeeded.</param>
/// <param name="Failed">Calls that failed.</param>
/// <param name="P95">How long a call of the last seconds took, in milliseconds; 95 of 100 were faster.</param>
/// <param name="SendRate">The bound that the client found, where it has one.</param>
/// <param name="Waiting">The callers that wait for a turn to send.</param>
internal sealed record LiveFigures(
    string Name, long Accepted, long Refused, long Succeeded, long Failed, double P95, double? SendRate, int Waiting);
