using System.Runtime.InteropServices;

namespace RingTrace.Tool.Output;

/// <summary>
/// A file that comes into being whole or not at all: it is written under a temporary name beside its place, and
/// <see cref="Complete"/> puts it there, over what stood there before. Without that, and on ^C and SIGTERM, nothing
/// is left. For one thread.
/// </summary>
internal sealed class NewFile : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private readonly PosixSignalRegistration[] _signals;
    private bool _completed;
    private bool _removed;

    /// <param name="path">Where the file will be. A link is followed.</param>
    /// <exception cref="IOException">That is a directory, a device, a pipe, a socket or in no directory, or the disk refuses.</exception>
    public NewFile(string path)
    {
        FileInfo given = new(path);
        _path = given.LinkTarget is null ? given.FullName : given.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string? directory = Path.GetDirectoryName(_path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"{path} is a directory: name a file.");
        }

        if (IsDevice(_path) || IsPipe(_path))
        {
            // It would be replaced by a file.
            throw new IOException($"{path} is no place for a file: for standard output say '-'.");
        }

        if (!Directory.Exists(directory))
        {
            throw new IOException($"{path} cannot be made: there is no directory {directory}.");
        }

        _temporary = Path.Combine(directory, $".ringtrace-{Path.GetRandomFileName()}.tmp");
        _signals = [OnSignal(PosixSignal.SIGINT), OnSignal(PosixSignal.SIGTERM), OnSignal(PosixSignal.SIGHUP)];
        try
        {
            _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
        }
        catch
        {
            StopListening();
            throw;
        }
    }

    /// <summary>What to write to. Closed by <see cref="Complete"/> or <see cref="Dispose"/>.</summary>
    public Stream Stream => _stream;

    /// <summary>The file is all there: it gets its name.</summary>
    /// <exception cref="OperationCanceledException">A signal came first.</exception>
    public void Complete()
    {
        _stream.Dispose();
        lock (_gate)
        {
            if (_removed)
            {
                throw new OperationCanceledException();
            }

            File.Move(_temporary, _path, overwrite: true);
            _completed = true;
        }
    }

    public void Dispose()
    {
        StopListening();
        try
        {
            _stream.Dispose();
        }
        catch (IOException) when (!_completed)
        {
            // The rest does not fit on the disk, and is not wanted any more.
        }
        finally
        {
            Remove();
        }
    }

    /// <summary>Whether replacing this would take something from the system.</summary>
    private static bool IsDevice(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal)
        || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));

    /// <summary>Whether something is there in which there is no place to go to. Does not wait for who reads it.</summary>
    private static bool IsPipe(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream existing = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return !existing.CanSeek;
    }

    /// <summary>What the signal does otherwise, it does after this.</summary>
    private PosixSignalRegistration OnSignal(PosixSignal signal) => PosixSignalRegistration.Create(signal, _ => Remove());

    private void Remove()
    {
        lock (_gate)
        {
            if (!_completed && !_removed)
            {
                _removed = true;
                File.Delete(_temporary);
            }
        }
    }

    private void StopListening()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }
    }
}
