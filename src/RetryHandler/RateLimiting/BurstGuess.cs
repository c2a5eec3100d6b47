namespace RetryHandler.RateLimiting;

/// <summary>
/// Tells a reserve that the upstream had from a reserve that it let go to waste. Pure; rates are per second.
/// </summary>
/// <remarks>
/// What is accepted between two refusals, over the time between them, is the upstream's rate only while its bucket
/// never overflowed. A bucket of hardly any size overflows whenever less than its rate is sent, and the measure is then
/// no more than what was sent. The sign is a try for more that takes more tokens than the bucket is known to hold. Then
/// the rate of that try is believed for once. A refusal before the next try refutes it; half of the way between is
/// believed next, until the two are so near that the reserve must have been real.
/// </remarks>
internal struct BurstGuess
{
    /// <summary>How near two rates are the same, as a ratio.</summary>
    private const double Near = 1.06;

    private double _known;
    private double _doubtful;
    private double _measured;
    private double _refuted;

    private readonly bool IsOpen => _doubtful > 0;

    /// <summary>Judges a measure that ended with a try for more.</summary>
    /// <param name="cycle">The cycle, with the try.</param>
    /// <param name="measured">The rate, if the bucket never overflowed.</param>
    /// <param name="rate">The rate at the end of the try.</param>
    /// <param name="refused">The rate at which the refused attempt was sent.</param>
    /// <param name="reserve">How many tokens the upstream was left on purpose.</param>
    /// <returns>The rate to believe in instead of the measured one, or 0.</returns>
    public double OnAskedRefusal(in RateCycle cycle, double measured, double rate, double refused, double reserve)
    {
        var (tried, time) = (cycle.Tried, cycle.AskingTime);
        if (IsOpen && measured < (0.7 * _measured) + (0.3 * cycle.Anchor))
        {
            // No more was accepted than before, though more was sent: the reserve is real.
            (_known, _doubtful) = (Math.Max(_known, _doubtful), 0);
        }

        var burst = tried - (measured * time);
        if (burst <= reserve + 1 + (1.2 * _known))
        {
            _refuted = 0;
            return 0;
        }

        (_doubtful, _measured) = (burst, measured);
        var guess = Math.Max((tried - _known) / time, Math.Sqrt(measured * refused));
        guess = _refuted > measured ? Math.Min(guess, (measured + _refuted) / 2) : guess;

        // Answers of an earlier, faster time may make the measure larger than the rate.
        return Math.Clamp(guess, measured, Math.Max(measured, rate));
    }

    /// <summary>Judges a refusal that came while a rate was kept.</summary>
    /// <param name="measured">The rate, if the bucket never overflowed.</param>
    /// <param name="kept">The rate that was kept.</param>
    /// <param name="guess">The rate to believe in next, or 0 for the measured one.</param>
    /// <returns>Whether the refusal refutes a guess, and has no other meaning.</returns>
    public bool TryRefute(double measured, double kept, out double guess)
    {
        guess = 0;
        if (!IsOpen)
        {
            return false;
        }

        if (kept > Near * measured)
        {
            _refuted = kept;
            guess = (measured + kept) / 2;
        }
        else
        {
            (_known, _doubtful, _refuted) = (_doubtful, 0, 0);
        }

        return true;
    }

    /// <summary>
    /// Learns that the upstream's rate fell: the guess was wrong, if there was one; otherwise all is forgotten.
    /// </summary>
    public void OnFall() => this = IsOpen ? new BurstGuess { _known = Math.Max(_known, _doubtful) } : default;
}
