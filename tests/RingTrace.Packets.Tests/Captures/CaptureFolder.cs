using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>New captures in a folder that goes with the test.</summary>
internal sealed class CaptureFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-captures").FullName;

    public string[] Names => [.. Directory.EnumerateFileSystemEntries(_folder)
        .Select(path => System.IO.Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Writes a capture in a format.</summary>
    /// <returns>The new file, and what the format could not hold.</returns>
    public (string Path, CaptureLosses Losses) Convert(string source, CaptureFormat format, string name, CaptureWriterOptions? options = null)
    {
        using CaptureReader reader = CaptureReader.Open(source);
        using CaptureWriter writer = CaptureWriter.Create(Path(name), format, options);
        writer.Begin(reader);
        while (reader.TryRead(out Packet packet))
        {
            writer.Write(packet, reader);
        }

        writer.Complete();
        return (Path(name), writer.Losses);
    }

    /// <summary>The packets of a file, without the meta records.</summary>
    public static IReadOnlyList<HeldPacket> Packets(string file)
    {
        using CaptureReader reader = CaptureReader.Open(file);
        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.Null(damage);
        return [.. records.Where(record => record.Packet.Kind == PacketKind.Packet)];
    }

    /// <summary>Asserts that two files have the same packets.</summary>
    /// <param name="expected">A file.</param>
    /// <param name="actual">A file that was made of it.</param>
    /// <param name="unitNs">What the coarser of both can tell apart.</param>
    public static void AssertSame(string expected, string actual, long unitNs = 1) => AssertSame(Packets(expected), Packets(actual), unitNs);

    public static void AssertSame(IReadOnlyList<HeldPacket> expected, IReadOnlyList<HeldPacket> actual, long unitNs = 1)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Packet before = expected[i].Packet;
            Packet after = actual[i].Packet;
            Assert.Equal(before.TimeNs / unitNs, after.TimeNs / unitNs);
            Assert.Equal(before.WireLength, after.WireLength);
            Assert.Equal(before.LinkType, after.LinkType);
            Assert.Equal(before.Data, after.Data);
        }
    }

    /// <summary>Asserts that tshark and capinfos read a file without a word, and count these packets.</summary>
    public static void AssertReadByOthers(string file, int packets)
    {
        (string output, string error) = Judge.Run("tshark", "-n", "-r", file, "-T", "fields", "-e", "frame.number");
        Assert.DoesNotContain("tshark:", error, StringComparison.Ordinal);
        Assert.Equal(packets, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        (output, error) = Judge.Run("capinfos", "-M", "-c", "-T", "-r", file);
        Assert.Empty(error);
        Assert.EndsWith($"\t{packets}", output.TrimEnd(), StringComparison.Ordinal);
    }
}
