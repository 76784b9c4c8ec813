namespace RingTrace.Formats;

/// <content>Finding traces.</content>
public sealed partial class TraceReader
{
    private const int DeepestFolder = 16;
    private const int MostFolders = 10_000;

    /// <summary>The directories with metadata, by path. Links below the given directory are not followed.</summary>
    private static List<string> FindTraces(string directory)
    {
        List<string> found = [];
        Queue<(string Path, int Depth)> open = new([(directory, 0)]);
        for (int seen = 0; open.TryDequeue(out (string Path, int Depth) folder) && seen < MostFolders; seen++)
        {
            if (File.Exists(Path.Combine(folder.Path, "metadata")))
            {
                found.Add(folder.Path);
            }
            else if (folder.Depth < DeepestFolder)
            {
                foreach (DirectoryInfo below in new DirectoryInfo(folder.Path).EnumerateDirectories())
                {
                    if (below.LinkTarget is null && below.Name[0] != '.')
                    {
                        open.Enqueue((below.FullName, folder.Depth + 1));
                    }
                }
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
