using RingTrace.Formats.Tests;

namespace RingTrace.Packets.Tests.Captures.Pcapng;

/// <summary>Blocks of a pcapng file, in either byte order.</summary>
internal sealed class PcapngMaker(bool bigEndian)
{
    public byte[] Block(uint type, Action<ByteBuilder> body)
    {
        ByteBuilder inner = new(bigEndian);
        body(inner);
        byte[] bytes = inner.Align(32).ToArray();
        uint length = (uint)bytes.Length + 12;
        return new ByteBuilder(bigEndian).U32(type).U32(length).Raw(bytes).U32(length).ToArray();
    }

    public byte[] Section() => Block(0x0A0D0D0A, b => b.U32(0x1A2B3C4D).U16(1).U16(0).U64(ulong.MaxValue));

    public byte[] Interface(LinkType link, uint snap = 0, params byte[][] options) =>
        Block(1, b => b.U16((ushort)link).U16(0).U32(snap).Raw(Options(options)));

    public byte[] Enhanced(uint number, ulong time, byte[] data, uint wire, params byte[][] options) => Block(6, b =>
        b.U32(number).U32((uint)(time >> 32)).U32((uint)time).U32((uint)data.Length).U32(wire).Raw(data).Align(32).Raw(Options(options)));

    public byte[] Obsolete(ushort number, ushort drops, ulong time, byte[] data) => Block(2, b => b.U16(number).U16(drops)
        .U32((uint)(time >> 32)).U32((uint)time).U32((uint)data.Length).U32((uint)data.Length).Raw(data));

    public byte[] Simple(byte[] data, uint wire) => Block(3, b => b.U32(wire).Raw(data));

    public byte[] Statistics(uint number, ulong time, params byte[][] options) =>
        Block(5, b => b.U32(number).U32((uint)(time >> 32)).U32((uint)time).Raw(Options(options)));

    public byte[] Option(ushort code, byte[] value) =>
        new ByteBuilder(bigEndian).U16(code).U16((ushort)value.Length).Raw(value).Align(32).ToArray();

    public byte[] Option(ushort code, ulong value) => Option(code, new ByteBuilder(bigEndian).U64(value).ToArray());

    public byte[] Option(ushort code, uint value) => Option(code, new ByteBuilder(bigEndian).U32(value).ToArray());

    private static byte[] Options(byte[][] options) => options.Length == 0 ? [] : [.. options.SelectMany(option => option), 0, 0, 0, 0];
}
