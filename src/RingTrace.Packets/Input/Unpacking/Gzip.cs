using System.Runtime.InteropServices;

namespace RingTrace.Packets.Input.Unpacking;

/// <summary>
/// gzip, one member after another, by zlib, which every Debian has. Not by the framework's GZipStream: to that a file that is cut
/// is one that ends.
/// </summary>
internal sealed partial class Gzip : IUnpacker
{
    private const string Library = "libz.so.1";
    private const int GzipOnly = 16 + 15;
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int NoMemory = -4;
    private const int NoProgress = -5;

    // The library keeps the address of its state's owner, so that must not move.
    private readonly State[] _state = GC.AllocateArray<State>(1, pinned: true);

    public Gzip()
    {
        if (InflateInit(ref _state[0], GzipOnly, "1", Marshal.SizeOf<State>()) != Ok)
        {
            throw new CaptureException("zlib can't be set up: there is no memory for it.");
        }
    }

    public bool IsComplete { get; private set; }

    public (int Taken, int Made, string? Problem) Step(byte[] packed, int offset, int length, byte[] output)
    {
        ref State state = ref _state[0];
        if (IsComplete && length > 0)
        {
            IsComplete = false;
            _ = InflateReset(ref state);
        }

        (state.NextIn, state.AvailableIn) = (UnpackedSource.Address(packed, offset), (uint)length);
        (state.NextOut, state.AvailableOut) = (UnpackedSource.Address(output, 0), (uint)output.Length);
        int result = IsComplete ? StreamEnd : Inflate(ref state, flush: 0);
        IsComplete = result == StreamEnd;
        return (length - (int)state.AvailableIn, output.Length - (int)state.AvailableOut, result switch
        {
            // No progress: the source sees that by itself, and knows whether the file is cut.
            Ok or StreamEnd or NoProgress => null,
            NoMemory => "there is no memory to unpack it",
            _ => "the gzip data is damaged",
        });
    }

    public void Dispose() => _ = InflateEnd(ref _state[0]);

    [LibraryImport(Library, EntryPoint = "inflateInit2_", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InflateInit(ref State state, int windowBits, string version, int stateBytes);

    [LibraryImport(Library, EntryPoint = "inflateReset")]
    private static partial int InflateReset(ref State state);

    [LibraryImport(Library, EntryPoint = "inflate")]
    private static partial int Inflate(ref State state, int flush);

    [LibraryImport(Library, EntryPoint = "inflateEnd")]
    private static partial int InflateEnd(ref State state);

    /// <summary>z_stream of zlib.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public nint NextIn;
        public uint AvailableIn;
        public nint TotalIn;
        public nint NextOut;
        public uint AvailableOut;
        public nint TotalOut;
        public nint Message;
        public nint Internal;
        public nint Allocate;
        public nint Free;
        public nint Opaque;
        public int DataType;
        public nint Checksum;
        public nint Reserved;
    }
}
