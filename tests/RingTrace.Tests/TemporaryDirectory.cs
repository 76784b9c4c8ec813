using System.Collections.Concurrent;
using Xunit;

namespace RingTrace.Tests;

/// <summary>A directory of the test's own, gone after it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly ConcurrentQueue<string> _warnings = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("ringtrace-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Options for a recorder that lives here and takes what it is told to: a warning fails the test.</summary>
    public FlightRecorderOptions Recorder(params Buffers.ChannelOptions[] channels) => new()
    {
        Name = "test",
        Directory = this["rings"],
        MemoryBytes = 1 << 20,
        Channels = channels.Length > 0 ? channels : null,
        OnWarning = _warnings.Enqueue,
    };

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        Assert.Empty(_warnings);
    }
}
