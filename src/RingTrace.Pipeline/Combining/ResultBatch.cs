using System.Runtime.CompilerServices;
using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Combining;

/// <summary>Results of one processing thread in their order, and marks between them. Goes in a circle between it and the reporter.</summary>
internal sealed class ResultBatch<T>(int thread, FreeList<ResultBatch<T>> free)
{
    public const int Capacity = 1024;

    public const int MostMarks = 1024;

    private readonly Result<T>[] _items = new Result<T>[Capacity];

    public int Thread => thread;

    public int Count { get; private set; }

    public List<Mark> Marks { get; } = [];

    /// <summary>Whatever this thread publishes later has this place or one behind it.</summary>
    public Place Watermark { get; set; }

    public bool IsFull => Count == Capacity;

    public ref readonly Result<T> this[int index] => ref _items[index];

    public ReadOnlySpan<Result<T>> Items => _items.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Place place, long key, T value) =>
        _items[Count++] = new Result<T>(place.Order, key, thread, value) { Stream = place.Stream };

    /// <summary>Empties it and gives it back to its thread.</summary>
    public void Release()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _items.AsSpan(0, Count).Clear();
        }

        Count = 0;
        Marks.Clear();
        free.Add(this);
    }
}
