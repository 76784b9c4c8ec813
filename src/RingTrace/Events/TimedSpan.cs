using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace;

/// <summary>
/// A span under way on this thread that becomes one record, at its end, when it is disposed: and only if it lasted
/// at least the threshold. Its fields wait inside it, 64 bytes of them: longer texts and arrays are cut. Does nothing
/// when its event was disabled at its begin. Disposing it twice records once; a copy of it records for itself.
/// </summary>
public ref struct TimedSpan
{
    /// <summary>The most bytes that the fields of a timed span take, lengths and NULs included.</summary>
    public const int Room = 64;

    private EventSite? _site;
    private long _begin;
    private int _length;
    private Payload _payload;

    /// <summary>For generated code: a span whose fields are still to be written.</summary>
    /// <param name="site">The event that is recorded at the end.</param>
    public TimedSpan(EventSite site) => _site = site;

    /// <summary>For generated code: where the fields go.</summary>
    [UnscopedRef]
    public PayloadWriter Writer => new(((Span<byte>)_payload)[sizeof(long)..]);

    /// <summary>For generated code: the fields are written, the time counts.</summary>
    /// <param name="length">The bytes that have been written, at most <see cref="Room"/>.</param>
    public void Begin(int length)
    {
        _length = sizeof(long) + length;
        _begin = Stopwatch.GetTimestamp();
    }

    /// <summary>Records the span.</summary>
    public void Dispose()
    {
        if (_site is not { } site)
        {
            return;
        }

        _site = null;
        long nanoseconds = (Stopwatch.GetTimestamp() - _begin) * (1_000_000_000 / Stopwatch.Frequency);
        Span<byte> payload = _payload;
        MemoryMarshal.Write(payload, in nanoseconds);
        site.WriteTimed(payload[.._length], nanoseconds);
    }

    /// <summary>The duration and the fields.</summary>
    [InlineArray(sizeof(long) + Room)]
    private struct Payload
    {
        private byte _first;
    }
}
