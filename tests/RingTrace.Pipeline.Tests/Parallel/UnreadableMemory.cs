using System.Buffers;

namespace RingTrace.Pipeline.Tests.Parallel;

/// <summary>A packet's memory that can be looked at a few times and then no more: the decoder fails, and no byte of the packet is to blame.</summary>
internal sealed class UnreadableMemory(byte[] bytes, int looks) : MemoryManager<byte>
{
    private int _looks = looks;

    public override Span<byte> GetSpan() => Interlocked.Decrement(ref _looks) >= 0 ? bytes : throw new InvalidDataException("out of order");

    public override Memory<byte> Memory => CreateMemory(bytes.Length);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("only its span is looked at");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
