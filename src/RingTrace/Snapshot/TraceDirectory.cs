namespace RingTrace;

/// <summary>A directory that appears whole or not at all.</summary>
internal static class TraceDirectory
{
    /// <summary>Fills a directory under a temporary name beside the path, then renames it.</summary>
    /// <exception cref="IOException">The path exists, or the file system refuses.</exception>
    /// <remarks>For its owner alone (0700): what a service records is not for everybody.</remarks>
    public static void Create(string path, Action<string> fill)
    {
        if (Path.Exists(path))
        {
            throw new IOException($"{path} exists already: name a directory that does not.");
        }

        string full = Path.GetFullPath(path);
        string parent = Path.GetDirectoryName(full) ?? "/";

        // A leading dot: trace readers that look at the parent pass over it.
        string temporary = Path.Combine(parent, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}");
        try
        {
            CreateForOwner(temporary);
            fill(temporary);
            Directory.Move(temporary, full);
        }
        catch (UnauthorizedAccessException e)
        {
            RemoveQuietly(temporary);
            throw new IOException($"{path} can't be written: {e.Message}", e);
        }
        catch
        {
            RemoveQuietly(temporary);
            throw;
        }
    }

    private static void CreateForOwner(string directory)
    {
        if (OperatingSystem.IsLinux())
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else
        {
            throw new PlatformNotSupportedException("RingTrace records on Linux only.");
        }
    }

    private static void RemoveQuietly(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first error says more than this one.
        }
    }
}
