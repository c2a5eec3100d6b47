namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>Collects the exceptions of tasks that nobody looked at, as far as this library is in them.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly List<Exception> _exceptions = [];

    public UnobservedExceptions() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    /// <summary>Has the finalizers run, which are what notices, and gets what they found.</summary>
    public IReadOnlyList<Exception> Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        lock (_exceptions)
        {
            return [.. _exceptions];
        }
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        // Other tests of the same process have tasks too.
        var text = e.Exception.ToString();
        if (text.Contains(ChaosBody.Mark, StringComparison.Ordinal)
            || text.Contains(" RetryHandler.", StringComparison.Ordinal))
        {
            lock (_exceptions)
            {
                _exceptions.Add(e.Exception);
            }
        }
    }
}
