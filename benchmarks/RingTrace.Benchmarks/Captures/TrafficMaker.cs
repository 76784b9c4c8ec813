using System.Buffers.Binary;

namespace RingTrace.Benchmarks.Captures;

/// <summary>
/// Makes captures of both directions of many flows: IPv4 and IPv6, TCP and UDP, a few flows with most of the packets. The same
/// each time.
/// </summary>
internal static class TrafficMaker
{
    private const int Flows = 20_000;
    private const int EthernetBytes = 14;
    private const int SmallestFrame = 96;
    private const int LargestFrame = 1514;
    private const ulong Seed = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Writes a capture.</summary>
    /// <param name="path">A pcap file with microseconds.</param>
    /// <param name="packets">How many.</param>
    /// <param name="snap">At most so many bytes of each are captured.</param>
    /// <returns>What a pass over it must come to.</returns>
    public static CaptureTotals Make(string path, int packets, int snap)
    {
        ulong random = Seed;
        Flow[] flows = [.. Enumerable.Range(0, Flows).Select(_ => Flow.Random(ref random))];
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        Span<byte> record = stackalloc byte[16 + LargestFrame];
        Span<byte> header = record[..24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], snap);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], 1);
        file.Write(header);

        CaptureTotals totals = default;
        long time = 1_700_000_000_000_000;
        for (int i = 0; i < packets; i++)
        {
            ulong dice = Next(ref random);

            // Three packets of four are of a tenth of the flows.
            Flow flow = flows[dice % 4 == 0 ? (dice >> 8) % Flows : (dice >> 8) % (Flows / 10)];
            int wire = SizeOf((dice >> 32) & 0xFFFF);
            int captured = Math.Min(wire, snap);
            time += (long)((dice >> 48) & 3);
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(time / 1_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(time % 1_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(record[8..], captured);
            BinaryPrimitives.WriteInt32LittleEndian(record[12..], wire);
            flow.WriteTo(record[16..], wire, backwards: (dice & 0x10_0000) != 0);
            file.Write(record[..(16 + captured)]);
            totals = new CaptureTotals(
                totals.Packets + 1, totals.Captured + captured, totals.Wire + wire, totals.Tuples + 1, totals.Digest + flow.Digest);
        }

        file.Flush(flushToDisk: true);
        return totals;
    }

    /// <summary>Mostly small and full frames, about 400 bytes in the mean.</summary>
    private static int SizeOf(ulong dice) => (dice % 10) switch
    {
        < 6 => SmallestFrame + (int)(dice % 60),
        < 8 => 200 + (int)(dice % 600),
        8 => LargestFrame,
        _ => 800 + (int)(dice % 300),
    };

    private static ulong Next(ref ulong state)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    }

    /// <summary>A connection: the headers of its packets in both directions.</summary>
    private sealed class Flow(byte[] forth, byte[] back, ulong digest)
    {
        public ulong Digest => digest;

        public static Flow Random(ref ulong random)
        {
            ulong dice = Next(ref random);
            bool six = dice % 10 < 3;
            byte protocol = (dice >> 8) % 10 < 7 ? (byte)6 : (byte)17;
            int length = six ? 16 : 4;
            byte[] addresses = new byte[2 * length];
            for (int i = 0; i < addresses.Length; i++)
            {
                addresses[i] = (byte)Next(ref random);
            }

            ushort here = (ushort)(1024 + ((dice >> 16) % 60_000));
            ushort there = (ushort)(((dice >> 32) % 4) switch { 0 => 80, 1 => 443, 2 => 53, _ => 8080 });
            (byte[] source, byte[] destination) = (addresses[..length], addresses[length..]);
            ulong digest = (ulong)protocol + here + there
                + (BinaryPrimitives.ReadUInt32BigEndian(source.AsSpan(^4..)) ^ BinaryPrimitives.ReadUInt32BigEndian(destination.AsSpan(^4..)));
            return new Flow(
                Headers(six, protocol, source, destination, here, there), Headers(six, protocol, destination, source, there, here), digest);
        }

        /// <summary>A frame of so many bytes; what is behind the headers stays as it was.</summary>
        public void WriteTo(Span<byte> frame, int wire, bool backwards)
        {
            byte[] headers = backwards ? back : forth;
            headers.CopyTo(frame);
            Span<byte> ip = frame[EthernetBytes..];
            if (ip[0] >> 4 == 4)
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(wire - EthernetBytes));
                BinaryPrimitives.WriteUInt16BigEndian(ip[10..], HeaderChecksum(ip[..20]));
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(wire - EthernetBytes - 40));
            }

            if (ip[ip[0] >> 4 == 4 ? 9 : 6] == 17)
            {
                Span<byte> udp = ip[(ip[0] >> 4 == 4 ? 20 : 40)..];
                BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(wire - EthernetBytes - (ip[0] >> 4 == 4 ? 20 : 40)));
            }
        }

        private static byte[] Headers(bool six, byte protocol, byte[] source, byte[] destination, ushort from, ushort to)
        {
            byte[] ports = [(byte)(from >> 8), (byte)from, (byte)(to >> 8), (byte)to];
            byte[] transport = protocol == 6
                ? [.. ports, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 0x20, 0, 0, 0, 0, 0]
                : [.. ports, 0, 0, 0, 0];
            byte[] mac = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
            return six
                ? [.. mac, 0x86, 0xDD, 0x60, 0, 0, 0, 0, 0, protocol, 64, .. source, .. destination, .. transport]
                : [.. mac, 8, 0, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0, .. source, .. destination, .. transport];
        }

        private static ushort HeaderChecksum(Span<byte> header)
        {
            header[10..12].Clear();
            uint sum = 0;
            for (int i = 0; i < header.Length; i += 2)
            {
                sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
            }

            sum = (sum & 0xFFFF) + (sum >> 16);
            return (ushort)~(sum + (sum >> 16));
        }
    }
}
