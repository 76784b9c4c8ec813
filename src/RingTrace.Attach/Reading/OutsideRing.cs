using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>One ring of another process, and how it may be read.</summary>
internal sealed class OutsideRing(RegionImage image, int number, ChannelHeader header, int cpu, RingBuffer<OutsideMachine> buffer)
{
    public StreamName Name { get; } = new(FixedText.Read(header.Name), number, cpu);

    public RingBuffer<OutsideMachine> Buffer => buffer;

    public int SubBufferSize => header.SubBufferSize;

    /// <summary>Records lost by cause, since the recorder's start.</summary>
    public ulong LostBy(Loss cause) => image.LostBy(in header, cpu, cause);

    /// <summary>A reader that needs the <c>.ring</c> file alone.</summary>
    /// <param name="isOver">The process has ended.</param>
    public RingCopier<OutsideMachine> Copier(bool isOver) => new(buffer, image.HasControl, isOver);

    /// <summary>A reader that takes packets out and puts them back; readers that have died are relieved first.</summary>
    public RingReader<OutsideMachine> Exchanger()
    {
        RingReader<OutsideMachine> reader = new(buffer, ProcessIdentity.Current);
        reader.TakeOverDead(owner => ProcessIdentity.IsAlive(owner.Pid, owner.StartTime));
        return reader;
    }
}
