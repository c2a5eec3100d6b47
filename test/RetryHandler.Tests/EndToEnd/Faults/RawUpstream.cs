using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>
/// A TCP server that misbehaves on purpose: it does one step per request, whatever connection it comes over; the last
/// step repeats.
/// </summary>
internal sealed class RawUpstream : SocketUpstream
{
    private readonly Lock _gate = new();
    private readonly RawStep[] _steps;
    private readonly List<RawRequest> _executed = [];
    private readonly List<RawRequest> _heads = [];
    private int _next;

    public RawUpstream(params RawStep[] steps)
    {
        _steps = steps;
        Start();
    }

    /// <summary>
    /// Gets the requests that were read completely, so that a real upstream would have acted on them.
    /// </summary>
    public IReadOnlyList<RawRequest> Executed
    {
        get
        {
            lock (_gate)
            {
                return [.. _executed];
            }
        }
    }

    /// <summary>Gets the requests of which only the head was read.</summary>
    public IReadOnlyList<RawRequest> Heads
    {
        get
        {
            lock (_gate)
            {
                return [.. _heads];
            }
        }
    }

    protected override async Task ServeAsync(Socket socket, int number, CancellationToken stop)
    {
        var connection = new RawConnection(socket, number, stop);
        while (await StepAsync(connection))
        {
        }
    }

    private async Task<bool> StepAsync(RawConnection connection)
    {
        // A step that waits for a request is taken only when one comes: an idle connection must not use up a step.
        if (TakeStep(onlyWithoutRequest: true) is { } unasked)
        {
            return await unasked.RunAsync(connection);
        }

        if (!await connection.WaitForRequestAsync())
        {
            return false;
        }

        var step = TakeStep(onlyWithoutRequest: false)!;
        if (step.Reading != RawReading.Nothing)
        {
            var request = await connection.ReadRequestAsync(readBody: step.Reading == RawReading.All);
            lock (_gate)
            {
                (step.Reading == RawReading.All ? _executed : _heads).Add(request);
            }
        }

        return await step.RunAsync(connection);
    }

    private RawStep? TakeStep(bool onlyWithoutRequest)
    {
        lock (_gate)
        {
            var step = _steps[Math.Min(_next, _steps.Length - 1)];
            if (onlyWithoutRequest && step.Reading != RawReading.Nothing)
            {
                return null;
            }

            _next++;
            return step;
        }
    }
}
