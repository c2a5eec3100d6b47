namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>How the calls ended, and what they must have cost, where every call has at most one retry.</summary>
internal sealed class ChaosTally
{
    private int _succeeded;
    private int _failed;
    private int _cancelled;
    private int _retries;
    private int _certainCost;
    private int _uncertainCost;
    private int _waits;

    /// <summary>Gets how many retries were paid and did not lead to a success.</summary>
    public int LeastCost => _certainCost;

    /// <summary>Gets the same, with the calls that failed and were cancelled at the same instant.</summary>
    public int MostCost => _certainCost + _uncertainCost;

    /// <summary>Gets how many calls surely waited for a send token: they had no retry to wait for.</summary>
    public int TokenWaits => _waits;

    public int Calls => _succeeded + _failed + _cancelled;

    public void AddResponse(ChaosCall call, HttpResponseMessage response)
    {
        Interlocked.Add(ref _retries, call.Attempts - 1);
        var waited = response.GetAdaptiveRetryInfo().TimeWaited > TimeSpan.Zero;
        Interlocked.Add(ref _waits, waited && call.Attempts == 1 ? 1 : 0);
        if (response.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _succeeded);
            return;
        }

        Interlocked.Increment(ref _failed);
        Interlocked.Add(ref _certainCost, call.Attempts - 1);
    }

    public void AddException(ChaosCall call, Exception exception)
    {
        Interlocked.Add(ref _retries, Math.Max(0, call.Attempts - 1));
        if (exception is OperationCanceledException e && e.CancellationToken == call.Token)
        {
            Interlocked.Increment(ref _cancelled);
            return;
        }

        Interlocked.Increment(ref _failed);
        ref var cost = ref call.Token.IsCancellationRequested ? ref _uncertainCost : ref _certainCost;
        Interlocked.Add(ref cost, Math.Max(0, call.Attempts - 1));
    }

    public override string ToString() =>
        $"{Calls} calls: {_succeeded} succeeded, {_failed} failed, {_cancelled} cancelled; {_retries} retries, "
        + $"{_certainCost} (+ {_uncertainCost}) in vain; {_waits} waited for a token";
}
