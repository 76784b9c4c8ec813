using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Packets.Output;

/// <summary>
/// Where a new capture's bytes go: a file that gets its name when it is complete, and leaves nothing when it is not; or standard
/// output, a pipe or a device, written as it comes. Buffered; packed with gzip where the name ends so. For one thread.
/// </summary>
internal sealed class CaptureOutput : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private const string StandardOutputName = "-";

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly FileStream? _file;
    private readonly string? _place;
    private readonly Stream _stream;
    private int _filled;
    private bool _ended;

    /// <exception cref="CaptureException">It can't be made there.</exception>
    public CaptureOutput(string path)
    {
        Name = path == StandardOutputName ? "standard output" : path;
        try
        {
            if (path == StandardOutputName)
            {
                _stream = OpenStandardOutput();
                return;
            }

            _file = OpenInPlace(path);
            if (_file is null)
            {
                FileInfo given = new(path);
                _place = given.LinkTarget is null ? given.FullName : given.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
                string temporary = Path.Combine(Path.GetDirectoryName(_place)!, $".ringtrace-{Path.GetRandomFileName()}.tmp");
                _file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CaptureException(Reason(path, e), e);
        }

        _stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(_file, CompressionLevel.Optimal) : _file;
    }

    /// <summary>The file as it was named.</summary>
    public string Name { get; }

    /// <summary>How many bytes were written, before they are packed.</summary>
    public long Bytes { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        if (bytes.Length > _buffer.Length - _filled)
        {
            Empty();
        }

        if (bytes.Length > _buffer.Length)
        {
            Hand(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
    }

    /// <summary>Hands on what is buffered.</summary>
    public void Flush()
    {
        Empty();
        Guard(_stream, static stream => stream.Flush());
    }

    /// <summary>All has been written: the file gets its name, over what stood there before.</summary>
    public void Complete()
    {
        Empty();
        Guard(_stream, static stream => stream.Dispose());
        if (_place is not null)
        {
            Guard((_file!.Name, _place), static move => File.Move(move.Name, move._place, overwrite: true));
        }

        _ended = true;
    }

    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // The rest does not fit on the disk, and is not wanted any more.
        }

        if (_place is not null)
        {
            File.Delete(_file!.Name);
        }
    }

    /// <summary>What is there already and is no file, a pipe or a device: it is written to. Null for a file.</summary>
    private static FileStream? OpenInPlace(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        FileStream existing = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (!existing.CanSeek || IsDevice(Path.GetFullPath(path)))
        {
            return existing;
        }

        existing.Dispose();
        return null;
    }

    private static bool IsDevice(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal)
        || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));

    /// <summary>The console's stream would swallow that nobody reads any more; a file's own would forget the offset it shares.</summary>
    private static Stream OpenStandardOutput()
    {
        FileStream raw = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return raw.CanSeek ? Console.OpenStandardOutput() : raw;
    }

    private static string Reason(string path, Exception error) => error switch
    {
        DirectoryNotFoundException => $"{path} can't be made: there is no such directory.",
        UnauthorizedAccessException when Directory.Exists(path) => $"{path} is a directory: name a file.",
        UnauthorizedAccessException => $"{path} can't be written: permission denied.",
        _ => $"{path} can't be written: {error.Message}",
    };

    private void Empty()
    {
        int filled = _filled;
        _filled = 0;
        Hand(_buffer.AsSpan(0, filled));
    }

    private void Hand(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private void Guard<T>(T subject, Action<T> action)
    {
        try
        {
            action(subject);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private CaptureException Failed(Exception error) =>
        new(Reason(Name, error), error) { HResult = error.HResult };
}
