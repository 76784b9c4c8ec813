using System.Runtime.InteropServices;

namespace RingTrace.Packets.Input.Unpacking;

/// <summary>
/// Zstandard, by the system's library where there is one; one frame after another. The library takes no frame that needs more than
/// 128 MiB.
/// </summary>
internal sealed partial class Zstd : IUnpacker
{
    private const string Library = "libzstd.so.1";

    private nint _context = CreateStream();

    public bool IsComplete { get; private set; }

    public (int Taken, int Made, string? Problem) Step(byte[] packed, int offset, int length, byte[] output)
    {
        Piece input = new() { Address = UnpackedSource.Address(packed, offset), Length = length };
        Piece target = new() { Address = UnpackedSource.Address(output, 0), Length = output.Length };
        nint result = DecompressStream(_context, ref target, ref input);
        bool isDamaged = IsError(result) != 0;
        if (input.Position > 0 || target.Position > 0)
        {
            IsComplete = result == 0;
        }

        return ((int)input.Position, (int)target.Position,
            isDamaged ? $"the zstd data can't be unpacked: {Marshal.PtrToStringUTF8(ErrorName(result))}" : null);
    }

    public void Dispose()
    {
        _ = FreeStream(_context);
        _context = 0;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    private static partial nint CreateStream();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    private static partial nint FreeStream(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    private static partial nint DecompressStream(nint context, ref Piece output, ref Piece input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint ErrorName(nint code);

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer of zstd.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Piece
    {
        public nint Address;
        public nint Length;
        public nint Position;
    }
}
