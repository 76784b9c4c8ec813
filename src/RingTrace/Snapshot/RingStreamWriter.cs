using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// Copies one ring's packets into one CTF data stream file, oldest first, while the writers go on.
/// <see cref="Pin"/> holds the oldest packet, so that it is not lost while other rings are written.
/// </summary>
internal sealed class RingStreamWriter(IPacketReader reader, StreamName name, Func<Loss, ulong> lostBy)
{
    private ulong _position;
    private ulong _end;
    private ulong _cutoff;
    private Stream? _file;

    public StreamName Name => name;

    /// <summary>Records lost by cause since the recorder's start; without zeros.</summary>
    public IReadOnlyDictionary<string, ulong> Lost => LossNames.Of(lostBy);

    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Clock ticks; meaningless without packets.</summary>
    public ulong FirstTime { get; private set; }

    /// <summary>Clock ticks; meaningless without packets.</summary>
    public ulong LastTime { get; private set; }

    /// <summary>Packets before the first one that is written, or before all that is there.</summary>
    public ulong Overwritten { get; private set; }

    public ulong Missed { get; private set; }

    public long LeftOut { get; private set; }

    /// <summary>Where in the file the packet begins that was still open; negative when none is.</summary>
    public long OpenAt { get; private set; } = -1;

    public ulong SubBufferSize => reader.Geometry.SubBufferSize;

    /// <summary>Takes the oldest packet of the window out of the writers' way.</summary>
    /// <param name="cutoff">Packets that end before this time are not wanted.</param>
    public void Pin(ulong cutoff)
    {
        _cutoff = cutoff;
        reader.Range(out _position, out _end);
        Overwritten = (_position - reader.Start) / SubBufferSize;
        while (IsBefore(_position, reader.Geometry.Begin(_end)))
        {
            ReadResult result = reader.Get(_position);
            if (result == ReadResult.Ok && reader.HeldHeader().End.Timestamp >= cutoff)
            {
                return;
            }

            if (result == ReadResult.Ok)
            {
                reader.Put();
            }
            else if (result == ReadResult.Overwritten)
            {
                Overwritten++;
            }
            else
            {
                return;
            }

            _position += SubBufferSize;
        }
    }

    /// <summary>Gives back what is held, also after an error.</summary>
    public void Unpin()
    {
        if (reader.IsHolding)
        {
            reader.Put();
        }
    }

    /// <summary>Writes the window's packets; the file is not made when there are none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scratch">At least a sub-buffer.</param>
    public void Write(string path, byte[] scratch)
    {
        try
        {
            for (; IsBefore(_position, reader.Geometry.Begin(_end)); _position += SubBufferSize)
            {
                WriteDelivered(path, scratch);
            }

            if (reader.Geometry.Offset(_end) != 0)
            {
                WriteOpen(path, scratch);
            }
        }
        finally
        {
            _file?.Dispose();
        }
    }

    private void WriteDelivered(string path, byte[] scratch)
    {
        if (reader.IsHolding || (!reader.HoldsByCopy && reader.Get(_position) == ReadResult.Ok))
        {
            Append(path, reader.HeldContent(scratch), scratch);
            reader.Put();
            return;
        }

        switch (reader.TryCopy(_position, scratch, out int length))
        {
            case ReadResult.Ok:
                Append(path, scratch.AsSpan(0, length), scratch);
                break;
            case ReadResult.NotYet:
                // A writer has reserved here and not committed.
                LeftOut += (long)SubBufferSize;
                break;
            default:
                Missed++;
                break;
        }
    }

    /// <summary>The sub-buffer that was open when the rings were pinned: open still, or delivered since.</summary>
    private void WriteOpen(string path, byte[] scratch)
    {
        ReadResult result = reader.TryPeek(scratch, out ulong position, out int length, out int leftOut);
        if (position != _position)
        {
            WriteDelivered(path, scratch);
        }
        else if (result == ReadResult.Ok && length > 0)
        {
            // It ends now, whatever a coarse clock says, so it belongs to any window.
            _cutoff = 0;
            OpenAt = Bytes;
            Append(path, scratch.AsSpan(0, length), scratch);
        }
        else
        {
            LeftOut += leftOut;
        }
    }

    private void Append(string path, ReadOnlySpan<byte> packet, byte[] scratch)
    {
        if (packet.IsEmpty)
        {
            // Its header says what cannot be.
            Missed++;
            return;
        }

        PacketHeader header = MemoryMarshal.Read<PacketHeader>(packet);
        header.End = PacketEnd.At(header.End.Timestamp, (ulong)packet.Length);
        if (header.End.Timestamp < _cutoff)
        {
            return;
        }

        // Nothing past the content leaves the process: what lies there may be of an earlier lap.
        int size = (packet.Length + 7) & ~7;
        Span<byte> whole = scratch.AsSpan(0, size);
        if (!packet.Overlaps(whole))
        {
            packet.CopyTo(whole);
        }

        whole[packet.Length..].Clear();
        MemoryMarshal.Write(whole, in header);
        _file ??= new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.Write(whole);
        if (Packets++ == 0)
        {
            FirstTime = header.TimestampBegin;
        }

        LastTime = header.End.Timestamp;
        Bytes += size;
    }

    private static bool IsBefore(ulong position, ulong end) => (long)(end - position) > 0;
}

/// <summary>Which ring a stream is of.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Number">The channel's number.</param>
/// <param name="Cpu">The CPU's number.</param>
internal sealed record StreamName(string Channel, int Number, int Cpu)
{
    /// <summary>The file that holds it in a trace.</summary>
    public string File =>
        string.Concat(Channel.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')) + $"-{Number}_{Cpu}";
}
