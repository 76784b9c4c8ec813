using System.Diagnostics;
using RingTrace.Formats.Tests;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures.Pcapng;
using RingTrace.Packets.Tests.Making;

namespace RingTrace.Fuzz;

/// <summary>The sound captures: libtrace's, and one of each kind that those lack.</summary>
internal static class CaptureCorpus
{
    /// <summary>Few, so that each damage tells.</summary>
    private const int MostRecords = 40;

    private const ulong ErfTime = 0x4148d781_002f4700;
    private const int BombBytes = 32 << 20;
    private const int BombPacketBytes = 60_000;

    private static readonly uint[] PcapMagics = [0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34];

    private static string Recorded => Path.Combine(AppContext.BaseDirectory, "Data", "libtrace");

    public static IReadOnlyList<SoundCapture> Make() => [.. Made().Concat(Real()).Select(one => SoundCapture.Of(one.Format, one.Bytes, MostRecords))];

    /// <summary>Packs by the program that everybody packs with; it must be installed.</summary>
    public static byte[] Pack(string program, byte[] plain)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, ["-c", "-1"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        MemoryStream packed = new();
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(packed);
        using (Stream input = process.StandardInput.BaseStream)
        {
            input.Write(plain);
        }

        reading.Wait();
        process.WaitForExit();
        return packed.ToArray();
    }

    /// <summary>A capture of nothing, that is thousands of times as long as what it is packed to.</summary>
    public static byte[] Bomb() =>
        MadeCaptures.Pcap(LinkType.Ethernet, Enumerable.Repeat(new byte[BombPacketBytes], BombBytes / BombPacketBytes));

    private static IEnumerable<(CaptureFormat Format, byte[] Bytes)> Real()
    {
        foreach (string path in Directory.EnumerateFiles(Recorded).Order(StringComparer.Ordinal).Where(path => !path.EndsWith(".md", StringComparison.Ordinal)))
        {
            byte[] bytes = File.ReadAllBytes(path);
            CaptureFormat format = path switch
            {
                _ when path.Contains("legacyeth", StringComparison.Ordinal) => CaptureFormat.LegacyEthernet,
                _ when path.Contains(".erf", StringComparison.Ordinal) => CaptureFormat.Erf,
                _ when path.EndsWith(".pcapng", StringComparison.Ordinal) => CaptureFormat.Pcapng,
                _ => CaptureFormat.Pcap,
            };
            yield return (format, bytes is [0x1F, 0x8B, ..] ? Unpacked(bytes) : bytes);
        }
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using System.IO.Compression.GZipStream unpacking = new(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        MemoryStream plain = new();
        unpacking.CopyTo(plain);
        return plain.ToArray();
    }

    private static IEnumerable<(CaptureFormat Format, byte[] Bytes)> Made()
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            foreach (uint magic in PcapMagics)
            {
                yield return (CaptureFormat.Pcap, Pcap(magic, bigEndian, LinkType.Ethernet, Packets(LinkType.Ethernet)));
            }

            yield return (CaptureFormat.Pcapng, Pcapng(bigEndian));
        }

        // Records of ERF as packets of a pcap file.
        byte[][] records = [.. Enumerable.Range(1, 30).Select(Erf)];
        yield return (CaptureFormat.Pcap, Pcap(PcapMagics[0], bigEndian: false, LinkType.Erf, records));
        yield return (CaptureFormat.Pcap, Pcap(PcapMagics[1], bigEndian: false, LinkType.LinuxSll2, Packets(LinkType.LinuxSll2)));
        yield return (CaptureFormat.Erf, [.. records.SelectMany(record => record)]);
        yield return (CaptureFormat.Tsh, Records(44, 10));
        yield return (CaptureFormat.LegacyAtm, Records(64, 10));
        yield return (CaptureFormat.LegacyPos, Records(64, 10));
        yield return (CaptureFormat.Duck, [13, 0, 0, 0, .. Records(112, 5)]);
        yield return (CaptureFormat.Duck, [14, 0, 0, 0, .. Records(84, 5)]);
    }

    private static byte[][] Packets(LinkType link) => [.. MadePackets.All.Where(made => made.Link == link).Select(made => made.Data)];

    private static byte[] Pcap(uint magic, bool bigEndian, LinkType link, byte[][] packets)
    {
        ByteBuilder file = new ByteBuilder(bigEndian).U32(magic).U16(2).U16(4).U64(0).U32(65535).U32((uint)link);
        foreach (byte[] packet in packets)
        {
            file.U32(1_700_000_000).U32((uint)packet.Length).U32((uint)packet.Length).U32((uint)packet.Length);
            if (magic == PcapMagics[2])
            {
                file.U32(1).U16(0x0800).U8(4).U8(0);
            }

            file.Raw(packet);
        }

        return file.ToArray();
    }

    /// <summary>Two sections, of either byte order; every block that there is, with options.</summary>
    private static byte[] Pcapng(bool bigEndian)
    {
        PcapngMaker first = new(bigEndian), second = new(!bigEndian);
        byte[][] packets = Packets(LinkType.Ethernet);
        return
        [
            .. first.Section(),
            .. first.Interface(LinkType.Ethernet, 0, first.Option(2, "eth0"u8.ToArray()), first.Option(9, [9]), first.Option(14, 3UL)),
            .. first.Enhanced(0, 1_700_000_000_000_000_123, packets[0], 100, first.Option(1, "a comment"u8.ToArray()), first.Option(2, 1u)),
            .. first.Interface(LinkType.Raw, 40, first.Option(9, [0x80 | 20])),
            .. first.Enhanced(1, 1_700_000_000UL << 20, packets[1][14..], 1000, first.Option(2988, [0, 0, 0, 1, 7])),
            .. first.Simple(packets[2], 2000),
            .. first.Obsolete(1, 3, 1_700_000_000UL << 20, packets[3][14..]),
            .. first.Block(4, names => names.U16(1).U16(9).Raw([192, 0, 2, 1]).Text("name").Align(32).U32(0)),
            .. first.Block(10, secrets => secrets.U32(0x544c534b).U32(5).Raw("key=1"u8)),
            .. first.Block(0xBAD, custom => custom.U32(32473).Raw("something"u8)),
            .. first.Block(0x4000_0BAD, custom => custom.U32(32473).Raw("something else"u8)),
            .. first.Statistics(0, 1_700_000_000_000_000_999, first.Option(5, 7UL), first.Option(7, 1UL)),
            .. second.Section(),
            .. second.Interface(LinkType.Ethernet, 60),
            .. packets.Take(10).SelectMany(packet => second.Enhanced(0, 1_700_000_000_000_000, packet, (uint)packet.Length)),
            .. second.Statistics(0, 1_700_000_000_000_001, second.Option(5, 2UL)),
            .. second.Block(77, unknown => unknown.U64(1)),
        ];
    }

    /// <summary>A record of a type that there is, with a few extension headers.</summary>
    private static byte[] Erf(int number)
    {
        int type = number % 30 == 0 ? 48 : number % 30, extensions = number % 3;
        byte[] body = new byte[40 + (number % 8)];
        new Random(number).NextBytes(body);
        ByteBuilder record = new ByteBuilder(bigEndian: true).Raw(BitConverter.GetBytes(ErfTime + ((ulong)number << 20)))
            .U8((byte)(type | (extensions > 0 ? 0x80 : 0))).U8((byte)(4 | (number % 4))).U16((ushort)(16 + (8 * extensions) + body.Length)).U16((ushort)(number % 2)).U16(46);
        for (int i = 1; i <= extensions; i++)
        {
            record.Raw([(byte)(5 | (i < extensions ? 0x80 : 0)), 0, 0, 0, 0, 0, 0, 0]);
        }

        return record.Raw(body).ToArray();
    }

    private static byte[] Records(int bytes, int count)
    {
        byte[] all = new byte[bytes * count];
        new Random(bytes).NextBytes(all);
        return all;
    }
}
