namespace RingTrace.Packets.Input;

/// <summary>Where the bytes of a capture come from, in order. For one thread.</summary>
internal abstract class ByteSource(string name) : IDisposable
{
    /// <summary>The file as it was named, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a read may wait for whoever writes: of a pipe or the like, not of a file.</summary>
    public virtual bool MayWait => true;

    /// <summary>Reads what there is, at least one byte.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="CaptureException">They can't be read.</exception>
    public abstract int Read(Span<byte> buffer);

    public abstract void Dispose();
}
