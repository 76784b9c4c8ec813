using System.Runtime.InteropServices;
using Xunit;

namespace RingTrace.Buffers.Tests.Ring;

/// <summary>A ring in plain memory, with readers of it.</summary>
internal sealed unsafe class TestRing<TMachine> : IDisposable where TMachine : struct, IMachine
{
    private readonly List<nint> _blocks = [];

    public TestRing(
        int subBufferSize = 4096,
        int count = 4,
        RingMode mode = RingMode.Overwrite,
        ulong? start = null,
        int spares = 1,
        WriterKind writer = WriterKind.Classic,
        int cpu = 0,
        ClockKind clock = ClockKind.Monotonic,
        UInt128? traceId = null)
    {
        Geometry = new RingGeometry(subBufferSize, count, mode == RingMode.Overwrite ? spares : 0);
        Memory = new RingMemory
        {
            Words = (BufferWords*)Allocate(sizeof(BufferWords)),
            Locations = (Location*)Allocate(sizeof(Location) * count),
            Control = (ControlWords*)Allocate(sizeof(ControlWords)),
            Ids = (ulong*)Allocate(sizeof(ulong) * count),
            Pages = (byte*)Allocate((nint)Geometry.DataLength),
        };
        Time = (ulong*)Allocate(sizeof(ulong));
        RingBuffer<TMachine>.Initialise(Memory, Geometry, start ?? Geometry.RingSize);
        Buffer = new RingBuffer<TMachine>(Memory, Geometry, new RingIdentity
        {
            Writer = writer,
            Mode = mode,
            Clock = clock,
            CoarseTime = Time,
            TraceId = traceId ?? 42,
            Channel = 0,
            Cpu = (ushort)cpu,
        });
    }

    public RingMemory Memory { get; }

    /// <summary>What <see cref="ClockKind.Coarse"/> says here: the test sets it.</summary>
    public ulong* Time { get; }

    public RingGeometry Geometry { get; }

    public RingBuffer<TMachine> Buffer { get; }

    public RingReader<TMachine> NewReader(int process = 1) => new(Buffer, new ProcessIdentity(process, 1));

    public WriteResult Write(ushort id, ReadOnlySpan<byte> payload, int thread = 1) =>
        Buffer.Write(id, thread, new BytesPayload(payload));

    public WriteResult Write<T>(ushort id, T payload, int thread = 1) where T : unmanaged =>
        Buffer.Write(id, thread, new ValuePayload<T>(in payload));

    /// <summary>Reads every packet that is there without consuming, the open one too.</summary>
    public List<TestPacket> ReadAll(RingReader<TMachine>? reader = null)
    {
        reader ??= NewReader();
        List<TestPacket> packets = [];
        reader.Range(out ulong first, out ulong end);
        for (ulong p = first; (long)(end - p) > 0; p += Geometry.SubBufferSize)
        {
            if (reader.Get(p) == ReadResult.Ok)
            {
                packets.Add(TestPacket.Parse(reader.HeldContent(), p));
                reader.Put();
            }
        }

        byte[] copy = new byte[Geometry.SubBufferSize];
        if (reader.TryPeek(copy, out ulong open, out int length, out _) == ReadResult.Ok && length > 0)
        {
            packets.Add(TestPacket.Parse(copy.AsSpan(0, length), open));
        }

        return packets;
    }

    /// <summary>The page sets of the table and of the seats: must be all of them, once each.</summary>
    public int[] PageSets()
    {
        List<int> pages = [];
        for (int i = 0; i < Geometry.Count; i++)
        {
            pages.Add(new SubBufferId(Memory.Ids[i]).Page);
        }

        for (int seat = 0; seat < Geometry.SpareCount; seat++)
        {
            (int spare, int wanted) = Buffer.Slots.PagesOf(seat);
            pages.Add(pages.IndexOf(spare) is >= 0 and var at && at < Geometry.Count ? wanted : spare);
        }

        pages.Sort();
        return [.. pages];
    }

    public void Dispose()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.AlignedFree((void*)block);
        }

        _blocks.Clear();
    }

    private void* Allocate(nint length)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)length, 4096);
        NativeMemory.Clear(block, (nuint)length);
        _blocks.Add((nint)block);
        return block;
    }
}

/// <summary>A packet taken apart.</summary>
internal sealed record TestPacket(PacketHeader Header, ulong Position, List<TestRecord> Records)
{
    public static TestPacket Parse(ReadOnlySpan<byte> bytes, ulong position)
    {
        PacketHeader header = MemoryMarshal.Read<PacketHeader>(bytes);
        Assert.Equal(PacketHeader.MagicValue, header.Magic);
        Assert.Equal((ulong)bytes.Length * 8, header.End.ContentBits);
        List<TestRecord> records = [];
        ulong time = header.TimestampBegin;
        int at = PacketHeader.Size;
        while (at < bytes.Length)
        {
            TestRecord record = TestRecord.Parse(bytes, ref at, ref time);
            records.Add(record);
        }

        Assert.Equal(bytes.Length, at);
        Assert.True(time <= header.End.Timestamp, $"a record at {time} after the packet's end {header.End.Timestamp}");
        return new TestPacket(header, position, records);
    }
}

/// <summary>A record whose payload starts with its own length: <c>u16 length, bytes</c>.</summary>
internal sealed record TestRecord(int Id, ulong Time, int Thread, byte[] Payload, bool IsExtended)
{
    public static TestRecord Parse(ReadOnlySpan<byte> bytes, ref int at, ref ulong time)
    {
        int id = MemoryMarshal.Read<ushort>(bytes[at..]);
        bool extended = id == RecordHead.Extended;
        if (extended)
        {
            id = (int)MemoryMarshal.Read<uint>(bytes[(at + 2)..]);
            time = MemoryMarshal.Read<ulong>(bytes[(at + 6)..]);
            at += 14;
        }
        else
        {
            uint low = MemoryMarshal.Read<uint>(bytes[(at + 2)..]);
            time += low - (uint)time;
            at += 6;
        }

        int thread = MemoryMarshal.Read<int>(bytes[at..]);
        at += 4;
        int length = MemoryMarshal.Read<ushort>(bytes[at..]);
        byte[] payload = bytes.Slice(at, length).ToArray();
        at += length;
        return new TestRecord(id, time, thread, payload, extended);
    }
}
