using System.Runtime.InteropServices;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Input.Unpacking;

/// <summary>What a compressed capture unpacks to, piece by piece: however much it becomes, there is one buffer of it at a time.</summary>
internal sealed class UnpackedSource(BlockReader packed, IUnpacker unpacker) : ByteSource(packed.Name)
{
    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(BlockPool.BlockBytes, pinned: true);
    private int _position;
    private int _end;
    private long _offset;
    private string? _problem;

    public override bool MayWait => packed.MayWait;

    public override int Read(Span<byte> buffer)
    {
        while (_position == _end)
        {
            // What was made before the damage is handed on first.
            if (_problem is not null)
            {
                throw new CaptureException(Name, _offset, $"{_problem} (at byte {packed.Offset} of the file).");
            }

            bool isMore = packed.Ensure(1);
            (int taken, int made, _problem) = unpacker.Step(packed.Block.Bytes, packed.Position, packed.Window.Length, _output);
            packed.Advance(taken);
            (_position, _end) = (0, made);
            if (made == 0 && taken == 0 && _problem is null)
            {
                if (!isMore && unpacker.IsComplete)
                {
                    return 0;
                }

                _problem = isMore ? "the compressed data makes no sense" : "the compressed file is cut";
            }
        }

        int read = Math.Min(buffer.Length, _end - _position);
        _output.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        _offset += read;
        return read;
    }

    public override void Dispose()
    {
        unpacker.Dispose();
        packed.Dispose();
    }

    /// <summary>Where an array that does not move has one of its bytes.</summary>
    internal static nint Address(byte[] pinned, int offset) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, offset);
}
