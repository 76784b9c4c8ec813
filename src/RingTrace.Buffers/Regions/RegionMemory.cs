using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>
/// The memory of one recorder: the .ring and the .ctl part, as two files that outlive a crash, or, where
/// the directory has no room, as two memory files that live as long as the process.
/// </summary>
/// <remarks>
/// Both parts stay mapped at the same addresses for as long as this object is reachable, also after
/// <see cref="Dispose"/>: who writes through the pointers keeps the object alive with
/// <see cref="GC.KeepAlive"/>. All members are safe from any thread.
/// A forked child shares the mapping: what it writes lands in the parent's rings. Nothing here prevents
/// that (private-on-fork exists for private memory only): .NET has no fork without exec.
/// An object that is collected without Dispose leaves its files, as a crash does.
/// </remarks>
internal sealed unsafe class RegionMemory : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RegionName _name;
    private readonly RegionFolder? _folder;
    private readonly RegionPart _ring;
    private readonly RegionPart _control;
    private bool _disposed;

    private RegionMemory(RegionName name, RegionFolder? folder, RegionPart ring, RegionPart control)
    {
        _name = name;
        _folder = folder;
        _ring = ring;
        _control = control;
        if (folder is not null)
        {
            RingPath = Path.Combine(folder.Path, name.RingFile);
            ControlPath = Path.Combine(folder.Path, name.ControlFile);
        }
    }

    /// <summary>The first byte of the .ring part, on a page boundary.</summary>
    public byte* Ring => _ring.Mapping.Address;

    /// <summary>The first byte of the .ctl part, on a page boundary.</summary>
    public byte* Control => _control.Mapping.Address;

    /// <summary>
    /// In bytes. Only ranges that were reserved may be touched: elsewhere a lack of space is a fatal signal.
    /// </summary>
    public long RingLength => _ring.Mapping.Length;

    /// <summary>In bytes; all of it may be touched.</summary>
    public long ControlLength => _control.Mapping.Length;

    public RegionName Name => _name;

    public RegionStorage Storage => _folder is null ? RegionStorage.Memory : RegionStorage.File;

    /// <summary>Null for memory; the file is gone after <see cref="Dispose"/>.</summary>
    public string? RingPath { get; }

    /// <summary>Null for memory; the file is gone after <see cref="Dispose"/>.</summary>
    public string? ControlPath { get; }

    /// <summary>The open .ring file: for tests of its seals and mode.</summary>
    internal SafeFileHandle RingFile => _ring.File;

    /// <summary>The open .ctl file: for tests of its seals and mode.</summary>
    internal SafeFileHandle ControlFile => _control.File;

    /// <summary>Makes the memory of a new recorder, zero throughout.</summary>
    /// <exception cref="RegionException">
    /// The directory is not to be trusted or wrongly chosen, or there is no memory either. Nothing is left
    /// on disk then, but for a directory that was made.
    /// </exception>
    public static RegionMemory Create(RegionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Create(request, RegionLocation.Resolve(request.Directory));
    }

    /// <summary>As <see cref="Create(RegionRequest)"/>, in a location that is given.</summary>
    internal static RegionMemory Create(RegionRequest request, RegionLocation location)
    {
        request.Validate();
        ProcessIdentity process = ProcessIdentity.Current;
        if (!location.IsExplicit)
        {
            RegionFactory.CheckAvailable(request); // /dev/shm is memory too
        }

        RegionFolder? folder = RegionFolder.TryOpenOrMake(location, out string? reason);
        if (folder is not null)
        {
            RegionMemory? memory = null;
            try
            {
                memory = RegionFactory.TryCreateFiles(request, location, folder, process, out reason);
            }
            finally
            {
                if (memory is null)
                {
                    folder.Dispose();
                }
            }

            if (memory is not null)
            {
                return memory;
            }
        }

        RegionMemory fallback = RegionFactory.CreateMemoryFiles(request, location, process, reason!);
        try
        {
            request.Warn?.Invoke(
                $"{location.Description} cannot hold the rings ({reason}): they are kept in memory, "
                + "readable while this process lives and lost when it ends. "
                + $"Free space there, or set {RegionLocation.Variable} to another directory.");
        }
        catch
        {
            fallback.Dispose();
            throw;
        }

        return fallback;
    }

    /// <summary>
    /// Allocates and pre-faults another range of the .ring part; what was written there before stays. It may
    /// take milliseconds: not for the hot path.
    /// </summary>
    /// <param name="offset">In bytes.</param>
    /// <param name="length">In bytes.</param>
    /// <returns>
    /// False when there is no space, or after <see cref="Dispose"/>; the range must not be touched then.
    /// </returns>
    public bool TryReserve(long offset, long length)
    {
        RegionRequest.CheckRange(offset, length, RingLength);
        lock (_gate)
        {
            return !_disposed && _ring.Reserve(offset, length) == 0;
        }
    }

    /// <summary>
    /// Removes the files and puts private zero memory in their place, at the same addresses: a late writer
    /// does no harm. May be called again.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _folder?.RemoveIfSame(_name.RingFile, _ring.File);
            _folder?.RemoveIfSame(_name.ControlFile, _control.File);
            _ring.Mapping.ReplaceByPrivateMemory();
            _control.Mapping.ReplaceByPrivateMemory();
            _ring.File.Dispose();
            _control.File.Dispose();
            _folder?.Dispose();
            RegionNumbers.Return(_name.Number);
        }
    }

    /// <summary>Takes over all that it is given.</summary>
    internal static RegionMemory Assemble(RegionName name, RegionFolder? folder, RegionPart ring, RegionPart control) =>
        new(name, folder, ring, control);
}
