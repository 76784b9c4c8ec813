using System.IO.MemoryMappedFiles;
using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>
/// How far each thread of a victim got, in a file that both map: it outlives the victim. A number is stored when its event's
/// call has returned, so of each thread at most one event more is recorded than is reported.
/// </summary>
internal sealed unsafe class Progress : IDisposable
{
    private const int WordsApart = BufferWords.CacheLine / sizeof(ulong);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ulong* _words;

    private Progress(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor();
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        _words = (ulong*)first;
    }

    public static Progress In(string folder) => new(MemoryMappedFile.CreateFromFile(
        Path.Combine(folder, "progress"), FileMode.OpenOrCreate, null, KillPlan.Threads * BufferWords.CacheLine));

    /// <summary>Events of a thread whose calls have returned.</summary>
    public long this[int thread]
    {
        get => (long)Hardware.Load(&_words[thread * WordsApart]);
        set => Hardware.Store(&_words[thread * WordsApart], (ulong)value);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
