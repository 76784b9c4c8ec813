namespace RingTrace.Formats;

/// <content>Finding traces.</content>
public sealed partial class TraceReader
{
    private const int DeepestFolder = 16;
    private const int MostFolders = 10_000;

    /// <summary>The directories with metadata, by path. Links below the given directory are not followed.</summary>
    private List<string> FindTraces(string directory)
    {
        List<string> found = [];
        Queue<(string Path, int Depth)> open = new([(directory, 0)]);
        for (int seen = 0; seen < MostFolders && open.TryDequeue(out (string Path, int Depth) folder); seen++)
        {
            if (File.Exists(Path.Combine(folder.Path, "metadata")))
            {
                found.Add(folder.Path);
            }
            else if (folder.Depth < DeepestFolder)
            {
                foreach (string below in Below(folder.Path))
                {
                    open.Enqueue((below, folder.Depth + 1));
                }
            }
            else if (Below(folder.Path) is { Count: > 0 } deeper)
            {
                Report(new TraceProblem(folder.Path, 0,
                    $"{deeper.Count} folders in {folder.Path}, {DeepestFolder} deep, were not searched: open one of them"));
            }
        }

        if (open.TryPeek(out (string Path, int Depth) next))
        {
            Report(new TraceProblem(directory, 0,
                $"more than {MostFolders} folders: {open.Count} or more were not searched, from {next.Path} on: open one of them"));
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>A folder that can't be read is an error when it is the given one, else a problem.</summary>
    private List<string> Below(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateDirectories()
                .Where(below => below.LinkTarget is null && below.Name[0] != '.')
                .Select(below => below.FullName)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException && folder != Directory)
        {
            Report(new TraceProblem(folder, 0, $"folder {folder} is missing from the result: {failure.Message}"));
            return [];
        }
    }
}
