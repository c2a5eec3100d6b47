namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>How the calls ended, and what they must have cost, where every call has at most one retry.</summary>
internal sealed class ChaosTally
{
    private int _succeeded;
    private int _failed;
    private int _cancelled;
    private int _retries;
    private int _cost;
    private int _waits;

    /// <summary>Gets how many retries were paid and did not lead to a success.</summary>
    public int Cost => _cost;

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
        Interlocked.Add(ref _cost, call.Attempts - 1);
    }

    public void AddException(ChaosCall call, Exception exception)
    {
        var retries = Math.Max(0, call.Attempts - 1);
        Interlocked.Add(ref _retries, retries);
        Interlocked.Add(ref _cost, retries);
        if (exception is OperationCanceledException e && e.CancellationToken == call.Token)
        {
            Interlocked.Increment(ref _cancelled);
            return;
        }

        Interlocked.Increment(ref _failed);
    }

    public override string ToString() =>
        $"{Calls} calls: {_succeeded} succeeded, {_failed} failed, {_cancelled} cancelled; {_retries} retries, "
        + $"{_cost} in vain; {_waits} waited for a token";
}
