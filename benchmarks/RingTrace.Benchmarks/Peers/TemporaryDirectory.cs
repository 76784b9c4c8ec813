namespace RingTrace.Benchmarks.Peers;

/// <summary>A directory that goes away with what is in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private const string Prefix = "ringtrace-compare-";
    private const string Memory = "/dev/shm";

    private TemporaryDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Where temporary files belong.</summary>
    public static TemporaryDirectory Create() => new(Directory.CreateTempSubdirectory(Prefix).FullName);

    /// <summary>In memory: a disk would be measured otherwise.</summary>
    public static TemporaryDirectory CreateInMemory() =>
        new(Directory.CreateDirectory(System.IO.Path.Combine(Memory, Prefix + Guid.NewGuid().ToString("N"))).FullName);

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
