using System.Diagnostics.Tracing;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>The same events as <see cref="BenchEvents"/>, written the cheapest way that an event source has.</summary>
[EventSource(Name = SourceName)]
internal sealed unsafe class BenchSource : EventSource
{
    public const string SourceName = "RingTrace-Bench";

    public static readonly BenchSource Log = new();

    [Event(1)]
    public void Small(long id, int value)
    {
        if (IsEnabled())
        {
            EventData* data = stackalloc EventData[2];
            data[0] = new EventData { DataPointer = (nint)(&id), Size = sizeof(long) };
            data[1] = new EventData { DataPointer = (nint)(&value), Size = sizeof(int) };
            WriteEventCore(1, 2, data);
        }
    }

    [Event(2)]
    public void Text(long id, int value, string text)
    {
        if (IsEnabled())
        {
            fixed (char* characters = text)
            {
                EventData* data = stackalloc EventData[3];
                data[0] = new EventData { DataPointer = (nint)(&id), Size = sizeof(long) };
                data[1] = new EventData { DataPointer = (nint)(&value), Size = sizeof(int) };
                data[2] = new EventData { DataPointer = (nint)characters, Size = (text.Length + 1) * sizeof(char) };
                WriteEventCore(2, 3, data);
            }
        }
    }

    [Event(3)]
    public void Blob64(byte[] blob)
    {
        if (IsEnabled())
        {
            fixed (byte* bytes = blob)
            {
                int length = blob.Length;
                EventData* data = stackalloc EventData[2];
                data[0] = new EventData { DataPointer = (nint)(&length), Size = sizeof(int) };
                data[1] = new EventData { DataPointer = (nint)bytes, Size = length };
                WriteEventCore(3, 2, data);
            }
        }
    }
}
