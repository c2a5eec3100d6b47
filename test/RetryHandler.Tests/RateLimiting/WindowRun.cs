using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>
/// A ledger, an upstream with windows of its own, and as many attempts as the ledger lets go; answers come at once.
/// </summary>
/// <param name="ledger">Learns.</param>
/// <param name="hint">
/// Whether a refusal names the end of the window, in whole seconds; otherwise a probe goes every 0.2 s.
/// </param>
internal sealed class WindowRun(WindowLedger ledger, bool hint = true)
{
    private const double Spacing = 0.01;

    private double _window = -1;
    private int _used;
    private double _closedUntil;
    private double _pause;

    public double Now { get; private set; } = 0.3;

    /// <summary>Gets or sets for how many requests the upstream has room.</summary>
    public int Count { get; set; } = 30;

    public double Length { get; set; } = 3;

    public List<double> Refusals { get; } = [];

    public List<double> Acceptances { get; } = [];

    public void RunUntil(double seconds)
    {
        while (Now < seconds)
        {
            if (!ledger.IsActive)
            {
                Discover();
                continue;
            }

            Now = Math.Max(Now, _closedUntil);
            var wait = ledger.WaitFor(Now);
            Assert.That(wait, Is.LessThan(double.PositiveInfinity), $"no answer can come at {Now}");
            if (wait > 0)
            {
                // The limiter's timers are late by up to a millisecond, never early.
                Now += wait + 0.0005;
                continue;
            }

            Send();
        }
    }

    /// <summary>Sends without any limit until the first refusal.</summary>
    private void Discover()
    {
        var accepted = 0;
        while (Accepts())
        {
            (accepted, Now) = (accepted + 1, Now + Spacing);
        }

        do
        {
            Refuse();
            Now = _closedUntil;
        }
        while (!Accepts());

        ledger.Begin(accepted, _closedUntil, doubt: 0, Now);
        Open();
    }

    private void Send()
    {
        ledger.OnSend();
        if (!Accepts())
        {
            Refuse();
            ledger.OnRefused(Now, Now, hint ? _closedUntil - Now : 0);
            return;
        }

        if (_closedUntil > 0)
        {
            Open();
            return;
        }

        ledger.OnAccepted(Now);
        Now += Spacing;
    }

    private void Open()
    {
        _closedUntil = 0;
        ledger.Open(Now, _pause);
        Now += Spacing;
    }

    private bool Accepts()
    {
        var window = Math.Floor((Now / Length) + 1e-9);
        (_window, _used) = (window, window == _window ? _used : 0);
        if (_used >= Count)
        {
            return false;
        }

        _used++;
        Acceptances.Add(Now);
        return true;
    }

    private void Refuse()
    {
        Refusals.Add(Now);
        _pause = hint ? Math.Ceiling(((_window + 1) * Length) - Now) : 0.2;
        _closedUntil = Now + _pause;
    }
}
