using System.Runtime.InteropServices;

namespace RingTrace.Packets.Input.Unpacking;

/// <summary>xz, by the system's library; several streams and the padding between them, as the library takes them.</summary>
internal sealed partial class Xz : IUnpacker
{
    /// <summary>The highest preset of xz needs 65 MiB; what needs more is not unpacked.</summary>
    private const ulong MostMemory = 96 << 20;

    private const string Library = "liblzma.so.5";
    private const uint Concatenated = 8;
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int NoMemory = 5;
    private const int MemoryLimit = 6;
    private const int NoProgress = 10;
    private const int Run = 0;
    private const int Finish = 3;

    private readonly State[] _state = GC.AllocateArray<State>(1, pinned: true);

    public Xz()
    {
        if (StreamDecoder(ref _state[0], MostMemory, Concatenated) != Ok)
        {
            throw new CaptureException("liblzma can't be set up: there is no memory for it.");
        }
    }

    public bool IsComplete { get; private set; }

    public (int Taken, int Made, string? Problem) Step(byte[] packed, int offset, int length, byte[] output)
    {
        if (IsComplete)
        {
            return (0, 0, null);
        }

        ref State state = ref _state[0];
        (state.NextIn, state.AvailableIn) = (UnpackedSource.Address(packed, offset), length);
        (state.NextOut, state.AvailableOut) = (UnpackedSource.Address(output, 0), output.Length);
        int result = Code(ref state, length > 0 ? Run : Finish);
        IsComplete = result == StreamEnd;
        return (length - (int)state.AvailableIn, output.Length - (int)state.AvailableOut, result switch
        {
            // No progress: the source sees that by itself, and knows whether the file is cut.
            Ok or StreamEnd or NoProgress => null,
            NoMemory => "there is no memory to unpack it",
            MemoryLimit => $"unpacking takes more than {MostMemory >> 20} MiB of memory: pack it again with xz -9 at most",
            _ => "the xz data is damaged",
        });
    }

    public void Dispose() => End(ref _state[0]);

    [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
    private static partial int StreamDecoder(ref State state, ulong memoryLimit, uint flags);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    private static partial int Code(ref State state, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    private static partial void End(ref State state);

    /// <summary>lzma_stream of lzma/base.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public nint NextIn;
        public nint AvailableIn;
        public ulong TotalIn;
        public nint NextOut;
        public nint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;
        public nint Reserved1;
        public nint Reserved2;
        public nint Reserved3;
        public nint Reserved4;
        public ulong SeekPosition;
        public ulong Reserved5;
        public nint Reserved6;
        public nint Reserved7;
        public int Reserved8;
        public int Reserved9;
    }
}
