using System.Runtime.InteropServices;

namespace RingTrace.Packets.Input.Unpacking;

/// <summary>bzip2, by the system's library; one stream after another.</summary>
internal sealed partial class Bzip2 : IUnpacker
{
    private const string Library = "libbz2.so.1.0";
    private const int Ok = 0;
    private const int StreamEnd = 4;
    private const int NoMemory = -3;

    // The library keeps the address of its state's owner, so that must not move.
    private readonly State[] _state = GC.AllocateArray<State>(1, pinned: true);
    private bool _isOpen;

    public bool IsComplete => !_isOpen;

    public (int Taken, int Made, string? Problem) Step(byte[] packed, int offset, int length, byte[] output)
    {
        ref State state = ref _state[0];
        if (!_isOpen)
        {
            if (length == 0)
            {
                return (0, 0, null);
            }

            state = default;
            if (DecompressInit(ref state, 0, 0) != Ok)
            {
                return (0, 0, "libbz2 can't be set up");
            }

            _isOpen = true;
        }

        (state.NextIn, state.AvailableIn) = (UnpackedSource.Address(packed, offset), (uint)length);
        (state.NextOut, state.AvailableOut) = (UnpackedSource.Address(output, 0), (uint)output.Length);
        int result = Decompress(ref state);
        int taken = length - (int)state.AvailableIn;
        int made = output.Length - (int)state.AvailableOut;
        if (result == StreamEnd)
        {
            Dispose();
        }

        return (taken, made, result switch
        {
            Ok or StreamEnd => null,
            NoMemory => "there is no memory to unpack it",
            _ => "the bzip2 data is damaged",
        });
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _ = DecompressEnd(ref _state[0]);
        }
    }

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressInit")]
    private static partial int DecompressInit(ref State state, int verbosity, int small);

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompress")]
    private static partial int Decompress(ref State state);

    [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressEnd")]
    private static partial int DecompressEnd(ref State state);

    /// <summary>bz_stream of bzlib.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public nint NextIn;
        public uint AvailableIn;
        public uint TotalInLow;
        public uint TotalInHigh;
        public nint NextOut;
        public uint AvailableOut;
        public uint TotalOutLow;
        public uint TotalOutHigh;
        public nint Internal;
        public nint Allocate;
        public nint Free;
        public nint Opaque;
    }
}
