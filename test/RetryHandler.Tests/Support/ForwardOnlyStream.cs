namespace RetryHandler.Tests.Support;

/// <summary>A stream that can be read once, from the beginning to the end.</summary>
internal sealed class ForwardOnlyStream(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    /// <summary>Gets how much was read so far.</summary>
    public long BytesRead => base.Position;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }
}
