using System.Runtime.CompilerServices;

namespace RetryHandler.Retry;

/// <summary>Waits for the first attempt of a call, and hands the call to the loop unless it is a success.</summary>
/// <remarks>
/// An asynchronous method would do it in two lines. It costs each call 110 ns and 128 B, the floor of every handler
/// that waits for its inner handler; this costs 50 ns and the caller's task (72 B), because it is used again with the
/// state of the call that it belongs to.
/// </remarks>
internal sealed class FirstAttempt<TSender>
    where TSender : struct, IAttemptSender
{
    private static readonly ContextCallback EndInContext = static self => ((FirstAttempt<TSender>)self!).End();

    private readonly CallState _call;
    private readonly Action _onEnd;
    private RetryLoop? _loop;
    private TSender _sender;
    private Task<HttpResponseMessage>? _attempt;
    private ExecutionContext? _context;

    // And not a TaskCompletionSource, which would make a new exception of a cancellation: HttpClient and callers look
    // into the one that there is.
    private AsyncTaskMethodBuilder<HttpResponseMessage> _answer;

    public FirstAttempt(CallState call)
    {
        _call = call;
        _onEnd = OnEnd;
    }

    /// <summary>Waits for an attempt that was sent.</summary>
    /// <returns>What comes of the call.</returns>
    public Task<HttpResponseMessage> WaitAsync(RetryLoop loop, TSender sender, Task<HttpResponseMessage> attempt)
    {
        (_loop, _sender, _attempt) = (loop, sender, attempt);

        // What belongs to the caller, such as the activity that a metric's exemplar names, goes with the call.
        _context = ExecutionContext.Capture();

        // Before it can end: then this object is another call's.
        var answer = _answer.Task;
        attempt.ConfigureAwait(sender.ContinueOnCapturedContext).GetAwaiter().UnsafeOnCompleted(_onEnd);
        return answer;
    }

    private static async Task CompleteAsync(
        TSender sender, Task<HttpResponseMessage> call, AsyncTaskMethodBuilder<HttpResponseMessage> answer)
    {
        HttpResponseMessage response;
        try
        {
            response = await call.ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        catch (Exception e)
        {
            answer.SetException(e);
            return;
        }

        answer.SetResult(response);
    }

    private void OnEnd()
    {
        if (_context is { } context)
        {
            ExecutionContext.Run(context, EndInContext, this);
        }
        else
        {
            End();
        }
    }

    private void End()
    {
        var (loop, sender, attempt, answer) = (_loop!, _sender, _attempt!, _answer);
        (_loop, _sender, _attempt, _answer, _context) = (null, default, null, default, null);
        try
        {
            if (!attempt.IsCompletedSuccessfully || !loop.TryFinish(_call, attempt.Result))
            {
                _ = CompleteAsync(sender, loop.RunAttemptsAsync(sender, _call, attempt), answer);
                return;
            }
        }
        catch (Exception e)
        {
            // Of somebody who listens to what is told: the caller's, as in an asynchronous method.
            answer.SetException(e);
            return;
        }

        answer.SetResult(attempt.Result);
    }
}
