using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>A controller that allows what it is told to.</summary>
internal sealed class StubController : ISendRateController
{
    public SendLimits Limits { get; set; } = new(1);

    public double Wait { get; set; }

    /// <summary>Gets how many attempts went out, less those that came back unsent.</summary>
    public int Sent { get; private set; }

    /// <summary>Gets how often an answer was written off.</summary>
    public int Overdue { get; private set; }

    public List<SendReport> Reports { get; } = [];

    /// <summary>Gets or sets whether attempts and acceptances must be told one by one.</summary>
    public bool NeedsEach { get; set; } = true;

    /// <summary>Gets the acceptances that were told by their number.</summary>
    public List<(int Count, double At)> Counted { get; } = [];

    public LimitKind Kind { get; init; } = LimitKind.Rate;

    public (int Count, double Length) Window { get; init; }

    public bool NeedsEachAttempt(bool isLimiting) => NeedsEach;

    public double WaitFor(double now) => Wait;

    public void OnSend() => Sent++;

    public void OnReturn() => Sent--;

    public void OnLost() => Sent--;

    public void OnOverdue(double now) => Overdue++;

    public SendLimits Begin(double rate, double now) => new(rate);

    public SendLimits OnResponse(in SendReport report)
    {
        Reports.Add(report);
        return Limits;
    }

    public void OnAccepted(in CountedAcceptances accepted, double now) => Counted.Add((accepted.Count, now));
}
