using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Input.Unpacking;

/// <summary>Tells a compressed file by its first bytes and sets a thread on unpacking it.</summary>
internal static class Unpackers
{
    private const int MagicBytes = 6;

    /// <summary>What a file is read from: itself, or what it unpacks to.</summary>
    /// <exception cref="CaptureException">The library that would unpack it is not there.</exception>
    public static BlockReader Unpack(BlockReader file)
    {
        file.Ensure(MagicBytes);
        ByteSource? unpacked = file.Window switch
        {
            [0x1F, 0x8B, ..] => Source(file, "gzip", "zlib1g", () => new Gzip()),
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => Source(file, "bzip2", "libbz2-1.0", () => new Bzip2()),
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => Source(file, "xz", "liblzma5", () => new Xz()),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Source(file, "zstd", "libzstd1", () => new Zstd()),
            _ => null,
        };
        return unpacked is null ? file : new BlockReader(new ReadAheadSource(unpacked));
    }

    private static UnpackedSource Source(BlockReader file, string format, string package, Func<IUnpacker> open)
    {
        try
        {
            return new UnpackedSource(file, open());
        }
        catch (DllNotFoundException e)
        {
            throw new CaptureException(
                $"{file.Name} is {format}-compressed and the library for that is not there: install the package {package}, or unpack the file.",
                e);
        }
    }
}
