using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Formats;

/// <summary>What a packet says of itself. Times are ticks of the stream's clock; sizes are bits.</summary>
internal struct PacketHeader
{
    public long FileOffset;
    public long PacketBits;
    public long ContentBits;

    /// <summary>Where the first record starts.</summary>
    public long HeaderBits;
    public StreamSchema? Stream;
    public ulong? InstanceId;
    public ulong? Begin;
    public ulong? End;
    public ulong? SequenceNumber;
    public ulong? EventsDiscarded;
    public int DiscardedBits;
    public int Cpu;
}

/// <summary>
/// Reads the packets of one file one after the other into a buffer that is used again. The memory is that of the
/// largest packet, and a packet is never larger than what is left of its file.
/// </summary>
internal sealed partial class PacketReader : IDisposable
{
    /// <summary>A larger packet is refused: 1 GiB.</summary>
    public const long MostPacketBytes = 1L << 30;

    private const int MostHeaderBytes = 1 << 20;
    private const int FirstRead = 4096;
    private const uint Magic = 0xC1FC1FC1;

    private readonly TraceSchema _trace;
    private readonly SafeFileHandle _handle;
    private readonly string _file;
    private readonly long _length;
    private readonly ScopeState _header;
    private byte[] _buffer;
    private int _filled;
    private long _next;

    /// <param name="trace">What the packets are read by.</param>
    /// <param name="file">The path.</param>
    /// <param name="length">Where to stop, in bytes; the file may be longer.</param>
    public PacketReader(TraceSchema trace, string file, long length)
    {
        _trace = trace;
        _file = file;
        _handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _length = Math.Min(length, RandomAccess.GetLength(_handle));
        _header = new ScopeState(trace.PacketHeader?.Children.Length ?? 0);
        _buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        Decoder = new RecordDecoder(trace.Registers);
        Context = new ScopeState(trace.Streams.Values.Max(stream => (int?)stream.MostFields) ?? 0);
    }

    public RecordDecoder Decoder { get; }

    /// <summary>The fields of the packet's context.</summary>
    public ScopeState Context { get; }

    public string Path => _file;

    /// <summary>Where the next packet starts, in bytes.</summary>
    public long NextOffset => _next;

    /// <summary>Reads the next packet's header and context, not yet its content.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="TraceFormatException">The packet is damaged.</exception>
    public bool TryReadHeader(out PacketHeader packet)
    {
        packet = default;
        if (_next >= _length)
        {
            return false;
        }

        _filled = 0;
        int want = FirstRead;
        while (true)
        {
            Fill((int)Math.Min(want, _length - _next));
            try
            {
                packet = Decode();
                _next += packet.PacketBits >> 3;
                return true;
            }
            catch (TraceFormatException) when (Decoder.RanOut && _filled == want && want < MostHeaderBytes)
            {
                want *= 4;
            }
        }
    }

    /// <summary>Reads the content of the packet whose header was read last, and stands at its first record.</summary>
    public void ReadContent(in PacketHeader packet)
    {
        int bytes = (int)(packet.ContentBits + 7 >> 3);
        FillAt(packet.FileOffset, bytes);
        Decoder.Open(_file, packet.FileOffset, _buffer, packet.ContentBits);
        Decoder.Position = packet.HeaderBits;
        Decoder.Clock = packet.Begin ?? Decoder.Clock;
    }

    public void Dispose()
    {
        _handle.Dispose();
        Decoder.Open(_file, 0, [], 0);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Fill(int bytes) => FillAt(_next, bytes);

    private void FillAt(long offset, int bytes)
    {
        if (bytes > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(bytes);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        while (_filled < bytes)
        {
            int read = RandomAccess.Read(_handle, _buffer.AsSpan(_filled, bytes - _filled), offset + _filled);
            if (read == 0)
            {
                throw new TraceFormatException(_file, offset + _filled, $"{bytes - _filled} more bytes",
                    "the end of the file");
            }

            _filled += read;
        }
    }
}
