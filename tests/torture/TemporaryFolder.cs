namespace RingTrace.Torture;

/// <summary>A folder for the ring files of one round.</summary>
internal static class TemporaryFolder
{
    /// <summary>Makes it, and removes it at the end, whatever the end is.</summary>
    public static void Use(Action<string> action)
    {
        string folder = Directory.CreateTempSubdirectory("ringtrace-torture-").FullName;
        try
        {
            action(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
