namespace RingTrace.Packets.Input;

/// <summary>
/// A file, read by <c>pread</c> in the pieces that are asked for; the kernel reads ahead. A file that shrinks meanwhile ends
/// earlier, one that is removed is read to its end. Pipes and devices are read as they come.
/// </summary>
internal sealed class FileSource : ByteSource
{
    // Without a buffer: pread of a file, read of a pipe.
    private readonly FileStream _file;
    private long _offset;

    public FileSource(string path)
        : base(path)
    {
        try
        {
            _file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CaptureException(Reason(path, e), e);
        }
    }

    public override bool MayWait => !_file.CanSeek;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _file.Read(buffer);
            _offset += read;
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException($"{Name}, offset {_offset}: {e.Message}", e);
        }
    }

    public override void Dispose() => _file.Dispose();

    private static string Reason(string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{path}: there is no such file.",
        UnauthorizedAccessException when Directory.Exists(path) => $"{path} is a directory: name a capture file.",
        UnauthorizedAccessException => $"{path}: permission denied.",
        _ => $"{path}: {error.Message}",
    };
}
