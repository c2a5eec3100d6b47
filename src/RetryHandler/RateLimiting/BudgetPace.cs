namespace RetryHandler.RateLimiting;

/// <summary>Finds how fast to spend what remains of a published budget. Pure; times are seconds.</summary>
/// <remarks>
/// By the time to the reset, as a rule. A reset in whole seconds says nothing of what is renewed several times a
/// second; then by the level: a multiple of what remains, which grows while much stays and shrinks while little is
/// left. When others spend from the same budget, each client spends its share.
/// </remarks>
internal struct BudgetPace()
{
    /// <summary>The shortest time in which a credit is to be spent, in seconds.</summary>
    private const double ShortestTime = 0.02;

    /// <summary>
    /// Above which part of the most that was there the multiple grows. It grows by equal steps and shrinks in
    /// proportion, which makes it the same for all who share the budget.
    /// </summary>
    private const double Target = 1 / 3.0;

    /// <summary>How much the multiple grows in a second; it is 1 to 50 per second.</summary>
    private const double Growth = 1;

    /// <summary>What remains of the multiple after a round trip with little left.</summary>
    private const double Cut = 0.9;

    /// <summary>Over how many requests the share is taken.</summary>
    private const double Memory = 64;

    /// <summary>
    /// A little less than 1: who has the smaller share takes a little more of it than the others do of theirs, and in
    /// the end all have the same.
    /// </summary>
    private const double Exponent = 0.9;

    private const double FewestOwn = 10;

    private double _multiple = 1;
    private bool _isStarting = true;
    private double _own = FewestOwn;
    private double _all = FewestOwn;

    private readonly double Share => Math.Pow(Math.Min(1, _own / _all), Exponent);

    /// <summary>Counts an answer of one's own.</summary>
    /// <param name="spent">By how much less remains than was known; negative when it is more.</param>
    /// <param name="isBusy">Whether callers waited; when not, the share is small because no more was asked.</param>
    public void Count(double spent, bool isBusy)
    {
        if (!isBusy)
        {
            (_own, _all) = (FewestOwn, FewestOwn);
            return;
        }

        var memory = _all < Memory ? 1 : 0.5;
        _own = (memory * _own) + 1;
        _all = (memory * _all) + Math.Max(0, spent);
    }

    /// <summary>Adapts to the level, once in a round trip.</summary>
    public void Adapt(double level, double roundTrip)
    {
        if (level > Target)
        {
            _multiple = Math.Min(1 / ShortestTime, _isStarting ? 2 * _multiple : _multiple + (Growth * roundTrip));
            return;
        }

        _isStarting = false;
        _multiple = Math.Max(1, Cut * _multiple);
    }

    /// <summary>Computes the requests per second that spend a credit within a time.</summary>
    public readonly double ByTime(double credit, double time) => Share * credit / Math.Max(time, ShortestTime);

    /// <summary>Computes the requests per second that keep the level.</summary>
    public readonly double ByLevel(double credit) => Share * credit * _multiple;
}
