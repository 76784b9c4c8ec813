using System.Buffers.Binary;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Legacy;

/// <summary>The state of a DAG card's clock, again and again: the version in a word, then records without a header. No packets.</summary>
internal sealed class DuckReader : RecordReader
{
    private const int VersionBytes = sizeof(uint);
    private const uint Version24 = 13;
    private const uint Version25 = 14;

    private readonly int _recordBytes;

    public DuckReader(BlockReader input)
        : base(input, CaptureFormat.Duck)
    {
        uint version = input.Ensure(VersionBytes) ? BinaryPrimitives.ReadUInt32LittleEndian(input.Window) : 0;
        _recordBytes = version switch
        {
            Version24 => 112,
            Version25 => 84,
            _ => throw input.Error(0, $"a duck file begins with its version, {Version24} or {Version25}; here is {version}."),
        };
        input.Advance(VersionBytes);
    }

    public override IReadOnlyList<CaptureInterface> Interfaces => [];

    private protected override int Measure(ReadOnlySpan<byte> window) => _recordBytes;

    private protected override void Describe(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        packet.Kind = PacketKind.Meta;
        packet.CapturedLength = record.Length;
    }
}
