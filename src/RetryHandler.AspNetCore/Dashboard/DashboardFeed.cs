using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Makes one stream of frames for all who watch, and only while somebody watches.</summary>
internal sealed class DashboardFeed(IAdaptiveRetryMonitor monitor, TimeProvider timeProvider, TimeSpan period)
{
    // What a slow page has not read yet; older frames make room for newer ones.
    private const int Backlog = 4;

    private readonly Lock _gate = new();
    private readonly List<Viewer> _viewers = [];
    private FrameMaker _frames = new(monitor);
    private bool _isRunning;

    /// <summary>Watches: first a complete frame, then one for each period.</summary>
    public async IAsyncEnumerable<byte[]> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var viewer = new Viewer();
        Enter(viewer);
        try
        {
            await foreach (var frame in viewer.Frames.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return frame;
            }
        }
        finally
        {
            Leave(viewer);
        }
    }

    private void Enter(Viewer viewer)
    {
        lock (_gate)
        {
            viewer.Write(_frames.Next(complete: true));
            _viewers.Add(viewer);
            if (!_isRunning)
            {
                _isRunning = true;
                Start();
            }
        }
    }

    private void Leave(Viewer viewer)
    {
        lock (_gate)
        {
            _viewers.Remove(viewer);
        }
    }

    private void Start()
    {
        // The stream outlives the request that it begins with, and must not keep what belongs to that.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow();
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(period, timeProvider);
            while (await timer.WaitForNextTickAsync().ConfigureAwait(false) && Send())
            {
            }
        }
        catch (Exception e)
        {
            // The pages learn of it: their streams fail, they reconnect, and that starts a new loop.
            End(e);
        }
    }

    /// <summary>Sends a frame to all who watch.</summary>
    /// <returns>Whether anybody did.</returns>
    private bool Send()
    {
        lock (_gate)
        {
            if (_viewers.Count == 0)
            {
                // Counters of a time that nobody watched are no "last attempts" for the next viewer.
                _frames = new FrameMaker(monitor);
                _isRunning = false;
                return false;
            }

            var frame = _frames.Next(complete: false);
            var complete = default(byte[]);
            foreach (var viewer in _viewers)
            {
                viewer.Write(viewer.HasMissed ? complete ??= _frames.Next(complete: true) : frame);
            }

            return true;
        }
    }

    private void End(Exception exception)
    {
        lock (_gate)
        {
            _isRunning = false;
            foreach (var viewer in _viewers)
            {
                viewer.Fail(exception);
            }
        }
    }

    /// <summary>One page, and what it has not read yet.</summary>
    private sealed class Viewer
    {
        private readonly Channel<byte[]> _frames;

        public Viewer() => _frames = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => HasMissed = true);

        public ChannelReader<byte[]> Frames => _frames.Reader;

        /// <summary>Gets whether a frame was dropped, whose events only a complete one has again.</summary>
        public bool HasMissed { get; private set; }

        public void Write(byte[] frame)
        {
            HasMissed = false;
            _frames.Writer.TryWrite(frame);
        }

        public void Fail(Exception exception) => _frames.Writer.TryComplete(exception);
    }
}
