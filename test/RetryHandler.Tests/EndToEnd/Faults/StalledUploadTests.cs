namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>The content itself does not come, while it is read into memory before anything is sent.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class StalledUploadTests(bool synchronous)
{
    [Test]
    public async Task SendAsync_CallerLeavesWhileTheContentIsBuffered_ThrowsPromptlyWithTheCallersToken()
    {
        using var caller = new CancellationTokenSource();
        var stream = new StalledStream();
        await using var upstream = new RawUpstream(RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = new HttpRequestMessage(HttpMethod.Put, "files/1") { Content = new StreamContent(stream) };
        request.Content.Headers.ContentLength = 100;

        var call = client.SendAsync(request, caller.Token);
        await stream.IsRead;
        await caller.CancelAsync();

        try
        {
            var thrown = Assert.CatchAsync<OperationCanceledException>(
                () => call.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System));
            Assert.That(thrown!.CancellationToken, Is.EqualTo(caller.Token));
        }
        finally
        {
            stream.End();
        }

        await client.AssertNothingLeakedAsync(upstream);
    }

    private sealed class StalledStream : MemoryStream
    {
        private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsRead => _isRead.Task;

        public override bool CanSeek => false;

        public void End() => _end.TrySetResult();

        // The base class would copy its bytes at once, without reading.
        public override async Task CopyToAsync(
            Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            _isRead.TrySetResult();
            await _end.Task.WaitAsync(cancellationToken);
        }
    }
}
