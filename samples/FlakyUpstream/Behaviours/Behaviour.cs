using FlakyUpstream.Limits;

namespace FlakyUpstream.Behaviours;

/// <summary>One limit with its faults and counters: what stands between a request and its work.</summary>
internal sealed class Behaviour(
    string key,
    ILimit? limit,
    Refusal refusal,
    Action<IHeaderDictionary, Budget>? publish,
    Faults faults,
    TimeProvider time,
    Counters counters)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private long _lastUse;

    public string Key => key;

    /// <summary>The counters, for a behaviour that takes this one's place.</summary>
    public Counters Counters => counters;

    public UpstreamStats Stats => counters.Read();

    public long LastUse => Interlocked.Read(ref _lastUse);

    /// <summary>Passes a request through limit and faults; <paramref name="work"/> runs for accepted ones.</summary>
    public async Task<IResult> RunAsync(HttpContext context, Func<IResult> work)
    {
        var admission = TryEnter();
        using var slot = admission.Slot;
        if (admission.Budget is { } budget)
        {
            publish?.Invoke(context.Response.Headers, budget);
        }

        if (!admission.IsAccepted)
        {
            counters.Refused();
            return refusal.Answer(context.Response, admission.Wait);
        }

        counters.Accepted();
        if (faults.Delay > TimeSpan.Zero)
        {
            // A caller that hangs up frees its slot.
            await Task.Delay(faults.Delay, time, context.RequestAborted);
        }

        var fault = faults.Draw(Random.Shared.NextDouble());
        if (fault == Fault.None)
        {
            return Execute(work);
        }

        if (faults.Late)
        {
            Execute(work);
        }

        return Fail(context, fault);
    }

    private Admission TryEnter()
    {
        Interlocked.Exchange(ref _lastUse, time.GetTimestamp());
        if (limit is null)
        {
            return new Admission(true);
        }

        lock (_lock)
        {
            // The clock is read under the lock, so that the limit never sees time go back.
            return limit.TryEnter(time.GetElapsedTime(_start));
        }
    }

    private IResult Execute(Func<IResult> work)
    {
        counters.Executed();
        return work();
    }

    private IResult Fail(HttpContext context, Fault fault)
    {
        counters.Faulted();
        if (fault == Fault.Error)
        {
            return Results.StatusCode(faults.ErrorStatus);
        }

        context.Abort();
        return Results.Empty;
    }
}
