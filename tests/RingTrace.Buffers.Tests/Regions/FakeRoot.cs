namespace RingTrace.Buffers.Tests.Regions;

/// <summary>A tree that looks like /proc and /sys.</summary>
internal sealed class FakeRoot : IDisposable
{
    private readonly TestFolder _folder = new();

    public string Path => _folder.Path;

    public void Write(string path, string text)
    {
        string file = _folder.Sub(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }

    public void Dispose() => _folder.Dispose();
}
