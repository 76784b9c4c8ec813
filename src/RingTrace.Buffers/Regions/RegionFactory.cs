using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Buffers;

/// <summary>Makes the two parts of a region, as files or in memory, and undoes everything when it cannot.</summary>
internal static class RegionFactory
{
    private const uint ModeOfFile = 0x180; // 0600

    /// <summary>
    /// Where the search for a free number ends. Names of this very process can be there already: from an
    /// earlier boot, or from another PID namespace on the same directory.
    /// </summary>
    private const int NumberMax = 4096;

    /// <summary>Makes the files under the first free number.</summary>
    /// <returns>
    /// The memory, which owns the folder then; or null, with the reason, when the directory cannot hold it.
    /// </returns>
    /// <exception cref="RegionException">A directory that a person chose does not let us write.</exception>
    public static RegionMemory? TryCreateFiles(
        RegionRequest request,
        RegionLocation location,
        RegionFolder folder,
        ProcessIdentity process,
        out string? reason)
    {
        for (int number = 0; ; number++)
        {
            number = RegionNumbers.Take(number);
            RegionMemory? memory = null;
            int error;
            try
            {
                var name = new RegionName(request.AppName, process.Pid, process.StartTime, number);
                memory = TryCreateFiles(request, folder, name, out error);
            }
            finally
            {
                if (memory is null)
                {
                    RegionNumbers.Return(number);
                }
            }

            if (error == Errno.Exists && number < NumberMax)
            {
                continue;
            }

            if (memory is null && location.IsExplicit && RegionFolder.IsMistake(error))
            {
                throw RegionFolder.Refused(location,
                    $"{Errno.Text(error)}: give this user write access, or choose another directory");
            }

            reason = memory is null ? Errno.Text(error) : null;
            return memory;
        }
    }

    /// <summary>Refuses what memory cannot hold: the kernel would kill the service rather than say no.</summary>
    public static void CheckAvailable(RegionRequest request)
    {
        long available = CgroupMemory.Available();
        if (request.NeededNow > available)
        {
            throw new RegionException(string.Create(CultureInfo.InvariantCulture,
                $"No memory for the rings: they need {request.NeededNow >> 10} KiB, and {available >> 10} KiB ")
                + $"are available. Ask for less by {MemoryBudget.Variable}.");
        }
    }

    /// <summary>
    /// Makes both parts of memory without a name; sealed, so that nobody can shrink them under a writer.
    /// </summary>
    /// <exception cref="RegionException">There is not enough memory either.</exception>
    public static RegionMemory CreateMemoryFiles(
        RegionRequest request, RegionLocation location, ProcessIdentity process, string reason)
    {
        CheckAvailable(request);
        int number = RegionNumbers.Take(0);
        RegionMemory? memory = null;
        int error;
        try
        {
            var name = new RegionName(request.AppName, process.Pid, process.StartTime, number);
            memory = TryCreateMemoryFiles(request, name, out error);
        }
        finally
        {
            if (memory is null)
            {
                RegionNumbers.Return(number);
            }
        }

        return memory ?? throw new RegionException(
            $"No memory for the rings: {location.Description} cannot hold them ({reason}), and a memory file "
            + $"neither ({Errno.Text(error)}). Ask for less by {MemoryBudget.Variable}, or free space.");
    }

    private static RegionMemory? TryCreateFiles(
        RegionRequest request, RegionFolder folder, RegionName name, out int error)
    {
        SafeFileHandle? ring = folder.TryCreate(name.RingFile, out error);
        if (ring is null)
        {
            return null;
        }

        SafeFileHandle? control = null;
        RegionMemory? memory = null;
        try
        {
            // Held until the process ends, however it ends. Another process that cannot see this one (a
            // different PID namespace on the same directory) takes it for dead, but not for removable.
            _ = Libc.Lock(ring, MemoryFlags.LockShared | MemoryFlags.LockNonBlocking);
            control = folder.TryCreate(name.ControlFile, out error);
            memory = control is null ? null : TryAssemble(request, name, folder, ring, control, out error);
            return memory;
        }
        finally
        {
            if (memory is null)
            {
                folder.Remove(name.RingFile);
                if (control is not null)
                {
                    folder.Remove(name.ControlFile);
                }

                ring.Dispose();
                control?.Dispose();
            }
        }
    }

    private static RegionMemory? TryCreateMemoryFiles(RegionRequest request, RegionName name, out int error)
    {
        SafeFileHandle? ring = null;
        SafeFileHandle? control = null;
        RegionMemory? memory = null;
        try
        {
            ring = TryOpenMemoryFile(name.RingFile, out error);
            control = ring is null ? null : TryOpenMemoryFile(name.ControlFile, out error);
            if (ring is null || control is null)
            {
                return null;
            }

            RegionMemory? made = TryAssemble(request, name, null, ring, control, out error);
            if (made is not null && (!TrySeal(ring, out error) || !TrySeal(control, out error)))
            {
                return null; // its mappings go with their finalizers
            }

            return memory = made;
        }
        finally
        {
            if (memory is null)
            {
                ring?.Dispose();
                control?.Dispose();
            }
        }
    }

    private static RegionMemory? TryAssemble(
        RegionRequest request,
        RegionName name,
        RegionFolder? folder,
        SafeFileHandle ringFile,
        SafeFileHandle controlFile,
        out int error)
    {
        error = RegionPart.TryBuild(
            ringFile, request.RingLength, request.RingRangesNeededNow, out RegionPart? ring);
        if (error != 0)
        {
            return null;
        }

        error = RegionPart.TryBuild(
            controlFile, request.ControlLength, [(0, request.ControlLength)], out RegionPart? control);
        if (error != 0)
        {
            ring!.Mapping.Discard(); // or a full file system stays full
            return null;
        }

        return RegionMemory.Assemble(name, folder, ring!, control!);
    }

    private static SafeFileHandle? TryOpenMemoryFile(string name, out int error)
    {
        const uint flags = MemoryFlags.MemoryFileCloseOnExec | MemoryFlags.MemoryFileAllowSealing;
        SafeFileHandle file = Libc.CreateMemoryFile(name, flags | MemoryFlags.MemoryFileNoExec);
        if (file.IsInvalid && Errno.Last == Errno.Invalid)
        {
            file.Dispose();
            file = Libc.CreateMemoryFile(name, flags); // a kernel before 6.3
        }

        if (file.IsInvalid)
        {
            error = Errno.Last;
            file.Dispose();
            return null;
        }

        _ = Libc.ChangeMode(file, ModeOfFile);
        error = 0;
        return file;
    }

    private static bool TrySeal(SafeFileHandle file, out int error)
    {
        bool done = Libc.FileControl(file, MemoryFlags.AddSeals, MemoryFlags.SealShrink | MemoryFlags.SealSeal) == 0;
        error = done ? 0 : Errno.Last;
        return done;
    }
}
