using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <summary>
/// One ring: the memory of one CPU's buffer and the operations of its writers. Any thread may write; no thread ever
/// waits for another.
/// </summary>
/// <remarks>
/// <para>
/// Two layers that know nothing of each other's state. <b>Reservation</b>: W counts reserved bytes, each location counts
/// committed and delivered bytes, R is the oldest position to read. <b>Table</b>: one <see cref="SubBufferId"/> per
/// location says which page set stands there; see RingBuffer.Table.cs.
/// </para>
/// <para>
/// Two writers, of which a ring has one for life. The classic writer is described here; the restartable writer, for
/// which reserve and commit are one store, in RingBuffer.Restartable.cs. Readers see no difference but in who delivers.
/// </para>
/// Invariants of the classic writer, asserted by the explorer after every step:
/// <list type="number">
/// <item>When lap L begins at a location, its committed and delivered counters both are L * S.</item>
/// <item>Lap L is delivered iff delivered - S = L * S, in the bits of the counter mask.</item>
/// <item>Every byte of a sub-buffer is committed once: header and record by who reserved them, padding by who closes.</item>
/// <item>W - R is at most B, once a writer that enters has pushed R.</item>
/// <item>A location is <c>ref</c> while any writer may write to its page; <c>noref</c> of lap L only when lap L is whole.</item>
/// <item>Times do not fall in the order of reservation; a packet ends no later than the next begins.</item>
/// </list>
/// The algorithm is the one of LTTng's ring buffer (M. Desnoyers, "Low-Impact Operating System Tracing", 2009),
/// with one change: the lap is stamped when a location is entered, not when it is delivered.
/// </remarks>
/// <typeparam name="TMachine">What the ring runs on.</typeparam>
internal sealed unsafe partial class RingBuffer<TMachine> where TMachine : struct, IMachine
{
    private readonly BufferWords* _words;
    private readonly Location* _locations;
    private readonly ControlWords* _control;
    private readonly ulong* _ids;
    private readonly byte* _pages;
    private readonly RingGeometry _geometry;
    private readonly RingIdentity _identity;
    private readonly ulong _start;

    /// <summary>Opens a ring in memory that <see cref="Initialise"/> has prepared.</summary>
    public RingBuffer(in RingMemory memory, in RingGeometry geometry, in RingIdentity identity)
    {
        _words = memory.Words;
        _locations = memory.Locations;
        _control = memory.Control;
        _ids = memory.Ids;
        _pages = memory.Pages;
        _geometry = geometry;
        _identity = identity;
        _start = TMachine.Load(&memory.Words->Start);
    }

    public ref readonly RingGeometry Geometry => ref _geometry;

    public ref readonly RingIdentity Identity => ref _identity;

    /// <summary>The position that the ring began at; nothing before it was ever written.</summary>
    public ulong Start => _start;

    /// <summary>W.</summary>
    public ulong Reserved => TMachine.Load(&_words->Reserved);

    /// <summary>Records lost by this cause.</summary>
    public ulong LostBy(Loss cause) => TMachine.Load(&_words->Losses[(int)cause]);

    /// <summary>Sections that were interrupted and tried anew; the classic writer has none.</summary>
    public ulong Restarts => TMachine.Load(&_words->Restarts);

    /// <summary>Writes one record, from a thread on this ring's CPU if the writer is restartable. Never throws, blocks or allocates.</summary>
    /// <param name="id">The event, at most <see cref="RecordHead.MaxId"/>.</param>
    /// <param name="threadId">The kernel's id of the calling thread.</param>
    /// <param name="payload">The fields' bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WriteResult Write<TPayload>(ushort id, int threadId, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct =>
        _identity.Writer == WriterKind.Restartable
            ? WriteRestartable(id, threadId, payload) : WriteClassic(id, threadId, payload);

    /// <summary>Counts a record that could not be written.</summary>
    public WriteResult Lose(Loss cause)
    {
        TMachine.Add(&_words->Losses[(int)cause], 1);
        return (WriteResult)((int)cause + 1);
    }

    /// <summary>
    /// Puts the words of a ring into their first state: W and R at <paramref name="start"/>, every location delivered
    /// for the lap before the one that comes.
    /// </summary>
    /// <param name="memory">Zeroed memory nobody else looks at yet.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="start">A multiple of S; at least one lap, for lap 0 is never asked for.</param>
    public static void Initialise(in RingMemory memory, in RingGeometry geometry, ulong start)
    {
        memory.Words->Reserved = start;
        memory.Words->Start = start;
        memory.Control->Consumed = start;
        for (int i = 0; i < geometry.Count; i++)
        {
            // The first position at this location that will be written: at or after the start.
            ulong ahead = (ulong)((i - geometry.Index(start)) & (geometry.Count - 1));
            ulong first = start + (ahead << geometry.SubBufferShift);
            ulong counter = geometry.CounterAtBegin(first);
            memory.Locations[i].Committed = counter;
            memory.Locations[i].Delivered = counter;
            memory.Locations[i].BeginNumber = ulong.MaxValue;
            memory.Ids[i] = new SubBufferId(LapOf(geometry, first - geometry.RingSize), noref: true, page: i).Word;
        }

        ReaderSlot* slots = &memory.Control->FirstSlot;
        for (int s = 0; s < geometry.SpareCount; s++)
        {
            slots[s].Pages = (ulong)(geometry.Count + s);
        }

        TMachine.Store(&memory.Words->Ready, 1);
    }

    /// <summary>How many sub-buffers came before the one at this position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong SequenceOf(ulong position) =>
        (_geometry.Begin(position) - _start) >> _geometry.SubBufferShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong NumberOf(ulong position) => position >> _geometry.SubBufferShift;

    /// <summary>The lap of a position, in the tag's bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong LapOf(ulong position) => LapOf(_geometry, position);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LapOf(in RingGeometry geometry, ulong position) =>
        geometry.Lap(position) & (TMachine.Has(Fault.NarrowTag) ? 7ul : SubBufferId.LapMask);

    /// <summary>The lap before, from positions: where W wraps, laps do not count down to all ones of the tag.</summary>
    private ulong LapBefore(ulong position) => LapOf(_geometry, position - _geometry.RingSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* PageAt(int index) => _pages + ((nuint)(uint)index << _geometry.SubBufferShift);

    /// <summary>The largest record, in the longer form of its head.</summary>
    private ulong MaxRecord => MaxRecordOf(_geometry);

    public static ulong MaxRecordOf(in RingGeometry geometry) =>
        Math.Min(geometry.SubBufferSize / 2, geometry.SubBufferSize - (ulong)PacketHeader.Size);

    /// <summary>The recorder's clock. Ordered after every load before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Now() => _identity.Clock == ClockKind.Coarse
        ? TMachine.Load(_identity.CoarseTime) : TMachine.Now(_identity.Clock);

    private ulong StreamInstance => ((ulong)_identity.Channel << 16) | _identity.Cpu;

    /// <summary>The header of a packet that begins; its end stays open.</summary>
    private PacketHeader HeaderOf(ulong position, ulong now, ulong losses) => new()
    {
        Magic = PacketHeader.MagicValue,
        TraceId = _identity.TraceId,
        StreamInstance = StreamInstance,
        TimestampBegin = now,
        End = new PacketEnd { ContentBits = PacketHeader.Unfinished, PacketBits = PacketHeader.Unfinished },
        Sequence = SequenceOf(position),
        EventsDiscarded = losses,
        Cpu = _identity.Cpu,
    };

    private ulong TotalLosses()
    {
        ulong total = 0;
        for (int cause = 0; cause <= (int)Loss.Swapped; cause++)
        {
            total += TMachine.Load(&_words->Losses[cause]);
        }

        return total;
    }
}

/// <summary>Where a ring's parts lie. All of it outlives the ring.</summary>
internal unsafe readonly struct RingMemory
{
    public required BufferWords* Words { get; init; }

    /// <summary>N of them.</summary>
    public required Location* Locations { get; init; }

    public required ControlWords* Control { get; init; }

    /// <summary>N of them.</summary>
    public required ulong* Ids { get; init; }

    /// <summary>N page sets and the spares, S bytes each.</summary>
    public required byte* Pages { get; init; }
}

/// <summary>What does not change in a ring's life.</summary>
internal readonly unsafe struct RingIdentity
{
    public required WriterKind Writer { get; init; }

    public required RingMode Mode { get; init; }

    public required ClockKind Clock { get; init; }

    /// <summary>Where the time of <see cref="ClockKind.Coarse"/> stands.</summary>
    public ulong* CoarseTime { get; init; }

    public required UInt128 TraceId { get; init; }

    public required ushort Channel { get; init; }

    public required ushort Cpu { get; init; }
}

/// <summary>What a full ring does. Stored in a region's header: never renumber.</summary>
public enum RingMode
{
    /// <summary>Flight recorder: the oldest data makes room.</summary>
    Overwrite = 1,

    /// <summary>Streaming: the newest record is dropped and counted.</summary>
    Discard = 2,
}

/// <summary>What became of a record: kept, or lost for a reason (<see cref="Loss"/> plus one).</summary>
internal enum WriteResult
{
    Recorded = 0,
    Full = Loss.Full + 1,
    Wrap = Loss.Wrap + 1,
    TooBig = Loss.TooBig + 1,
    Nested = Loss.Nested + 1,
    Restart = Loss.Restart + 1,
    NoBuffer = Loss.NoBuffer + 1,
    Swapped = Loss.Swapped + 1,
}
