namespace RetryHandler.Simulation.Ablations;

/// <summary>One idea of the controller, and the change of the code that switches it off.</summary>
/// <param name="Idea">The idea.</param>
/// <param name="File">The file, below <c>src/RetryHandler/RateLimiting</c>.</param>
/// <param name="Old">The code that is to be replaced; it occurs once.</param>
/// <param name="New">What stands there without the idea.</param>
internal sealed record Ablation(string Idea, string File, string Old, string New)
{
    private const string Room = "src/RetryHandler/RateLimiting";

    public static IReadOnlyList<Ablation> All { get; } =
    [
        new("one cut for a flight", "ProbingController.cs",
            "var isNew = !_cut.IsAfter(report.SentAt);", "var isNew = true;"),
        new("what is accepted of a flight that was refused in part shows that the door is open", "LastCut.cs",
            "sentAt >= Math.Min(_at, _tellsFrom)", "sentAt >= _at"),
        new("what was accepted between two refusals is the rate", "RateTracker.cs",
            "Settle(Math.Clamp(measured, (_cycle.IsAsking ? 1 : 0.5) * _cycle.Anchor, Rate), now);", "Settle(0.7 * Rate, now);"),
        new("the search doubles", "RateTracker.cs",
            "Rate *= Math.Pow(2,", "Rate *= Math.Pow(1.1,"),
        new("longer cycles once the rate is confirmed", "RateCycle.cs",
            "Math.Clamp(isConfirmed ? 2 * _length : 0, shortest, longest)", "shortest"),
        new("short cycles while the limit moves", "RateCycle.cs",
            "now < _watchfulUntil ? LongestWatchful : Math", "Math"),
        new("even spacing", "ProbingController.cs",
            "CapacityAt(double rate) => 1 + (0.02 * rate)", "CapacityAt(double rate) => Math.Max(1, rate)"),
        new("a reserve after a refusal", "ProbingController.cs",
            "return (0, _tracker.Reserve);", "return (0, null);"),
        new("a larger reserve for an irregular network", "RateTracker.cs",
            "(1 << _irregularity)", "1"),
        new("small bursts", "RateTracker.cs",
            "var guess = !_others.AreInSight || refused > 2 * measured", "var guess = _count < 0"),
        new("what was kept for a whole cycle is no less than the rate", "RateTracker.cs",
            "(_cycle.IsAsking ? 1 : 0.5) * _cycle.Anchor", "0.5 * _cycle.Anchor"),
        new("a try that comes to twice the rate is believed although others are in sight", "RateTracker.cs",
            " || refused > 2 * measured", string.Empty),
        new("the mean of what was measured and what was refused is tried", "BurstGuess.cs",
            "Math.Max((tried - _known) / time, Math.Sqrt(measured * refused))", "(tried - _known) / time"),
        new("cycles of 400 sends", "RateCycle.cs",
            "Math.Clamp(MostSends / rate, LongestWatchful, most)", "most"),
        new("capacity that fell", "RefusalRun.cs",
            "HasFallen => _sends >= LeastSends", "HasFallen => _sends < 0"),
        new("a rate that fell is not yet known", "RateTracker.cs",
            "Math.Max(_leastKnown, Rate < 1", "Math.Max(0, Rate < 1"),
        new("refusals that follow each other closely may be those of a fall", "RateTracker.cs",
            "isNoFall = !_cycle.IsEstablished ||", "isNoFall = Rate >= 0 ||"),
        new("callers who hold the rate down", "RateTracker.cs",
            "if (!accepted.WasBusy(now, busyTime))", "if (!accepted.WasBusy(now, busyTime) && _count < 0)"),
        new("shared rates", "RateTracker.cs",
            "private bool Share(double now)\n    {", "private bool Share(double now)\n    {\n        if (now > 0) { return false; }"),
        new("refusals soon after each other are those of others", "RateTracker.cs",
            "isSettled && accepted < Soon &&", "accepted < 0 &&"),
        new("refusals that outnumber those asked for are those of others", "SignsOfOthers.cs",
            "return _sum >=", "return _sum < 0 && _sum >="),
        new("the first early refusal may be the network's", "RateTracker.cs",
            "(_irregularity > 1 || Rate * roundTrip < 2)", "_irregularity >= 0"),
        new("smaller steps for small shares", "SharedRate.cs",
            "Math.Min(1, rate / SmallRate)", "1"),
        new("larger steps for large shares", "SharedRate.cs",
            "Math.Pow(Math.Clamp(rate, LargeRate, HugeRate) / LargeRate, 2)", "1"),
        new("steps that grow once the rate has come back", "SharedRate.cs",
            "* returns * returns", string.Empty),
        new("others may leave", "SharedRate.cs",
            "IsAlone => _calmTime >", "IsAlone => -_calmTime >"),
        new("cycles of 20 sends below 1/s", "RateCycle.cs",
            "Math.Clamp(LeastSends / rate, Longest, LongestOfSlow)", "Longest"),
        new("a rate below 1/s is known after 10 acceptances", "RateTracker.cs",
            "Rate < 1 ? LeastKnown / 2 : 0", "0"),
        new("the time in which nobody had anything to send says nothing", "RateTracker.cs",
            "accepted.BusyRateAt(now, busyTime)", "accepted.RateAt(now)"),
        new("closed doors", "ProbingController.cs",
            "var pause = _door.Close(", "var pause = 0 * _door.Close("),
        new("a named second is looked at after a quarter of it", "ClosedDoor.cs",
            "return delay > 1 ? delay : Pause;", "return delay >= 1 ? delay : Pause;"),
        new("a try that ended with a named pause is not repeated soon", "RateCycle.cs",
            "PausesInCycle * pause", "0 * pause"),
        new("a closed door is no lack of calls", "AcceptanceCounts.cs",
            "AddClosedTime(Math.Min(closedTime,", "AddClosedTime(0 * Math.Min(closedTime,"),
        new("what was accepted from one closing to the next is the rate", "ProbingController.cs",
            "hasFallen || wasClosed ? _tracker : before", "hasFallen ? _tracker : before"),
        new("probes come when the window before ended", "ClosedDoor.cs",
            "now < start + _mostLength", "now < start - _mostLength"),
        new("windows", "ProbingController.cs",
            "&& _window.MayBegin(report.Now))", "&& _window.MayBegin(double.NegativeInfinity))"),
        new("no window is suspected for a time after a mistake", "Indifference.cs",
            "_until = now + _length;", "_until = now;"),
        new("asking whether a window has room for more", "WindowLedger.cs",
            "Length > 0 && _extra == 0 ?", "Length < 0 && _extra == 0 ?"),
        new("asking after a quarter of a window", "WindowAsks.cs",
            "Math.Max(start + quarter, now)", "now"),
        new("an end that is known and named rounded up", "WindowLedger.cs",
            "IsEndSure = delay > 0", "IsEndSure = delay < 0"),
        new("a refusal that nobody asked for puts the next ask off for 30 s at most", "WindowAsks.cs",
            "LongestAfterCorrection = 30", "LongestAfterCorrection = 600"),
        new("a try for more after all were told to come later", "RateTracker.cs",
            "!_cycle.IsAsking || wasClosed ||", "_time >= 0 ||"),
        new("half the count from a spent window shows that it is none", "WindowLedger.cs",
            "return Length == 0 || _accepted - Count <", "return Length >= 0 || _accepted - Count <"),
        new("sliding windows", "WindowLedger.cs",
            "_isSliding = Length > 0 &&", "_isSliding = Length < 0 &&"),
        new("an end that is near when little was taken was too early", "WindowLedger.cs",
            "private const double Soon = 0.15;", "private const double Soon = 0;"),
        new("a window that slides lasts as long as most of it", "WindowLedger.cs",
            "_isSliding && _accepted >= Count / 2 ? _end : 0", "0"),
        new("limits on concurrency", "ProbingController.cs",
            "_concurrency.OnRefused(", "_ = ("),
        new("limits on concurrency that are named", "ProbingController.cs",
            "SendFeedback.Crowded when _concurrency.MayBe(report.InFlight, report.Now)",
            "SendFeedback.Crowded when _concurrency.IsFound"),
        new("few refusals of a flight are chance", "ConcurrencyLimit.cs",
            "if (!IsNamed && !IsLargeShare)", "if (!IsNamed && _refused < 0)"),
        new("faster steps of a limit on concurrency that is far too low", "ConcurrencyLimit.cs",
            "Math.Max(1, _spared / Calm)", "1"),
    ];

    /// <summary>Switches the idea off.</summary>
    /// <param name="root">The root of a copy of the repository.</param>
    /// <exception cref="InvalidOperationException">The code is not what it was.</exception>
    public void Apply(string root)
    {
        var path = Path.Combine(root, Room, File);
        var code = System.IO.File.ReadAllText(path);
        if (code.Split(Old).Length != 2)
        {
            throw new InvalidOperationException($"{File} does not have \"{Old}\" once.");
        }

        System.IO.File.WriteAllText(path, code.Replace(Old, New, StringComparison.Ordinal));
    }
}
