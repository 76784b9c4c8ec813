using System.Diagnostics;

namespace RingTrace.Buffers;

/// <summary>
/// The word that says which page set stands at a location of the ring, and in which state.
/// <code>
///   63                                       13   12   11          0
///  +-------------------------------------------+-------+------------+
///  | lap (51 bits of position div ring size)   | NOREF | page set   |
///  +-------------------------------------------+-------+------------+
/// </code>
/// Written <c>{ lap, ref | noref, page }</c> in comments. Legal transitions, each one a compare-and-swap of the whole
/// word:
/// <list type="bullet">
/// <item>enter, by a writer: { L-1, noref, i } to { L, ref, i }, before its first byte of lap L;</item>
/// <item>deliver, by the writer elected to or, with restartable writers, by anyone who sees W past the end:
/// { L, ref, i } to { L, noref, i }, when every byte of lap L is in;</item>
/// <item>get and put, by a reader: { L, noref, i } to { L, noref, j }, only while NOREF is set.</item>
/// </list>
/// So a page set that is <c>ref</c> belongs to the writers, one that is <c>noref</c> to whoever exchanges it, and
/// only readers change indexes. The lap makes a delayed reader's swap of another lap fail (the ABA problem);
/// with rings of 8 KiB and more it is the full lap and never repeats.
/// </summary>
/// <param name="Word">The bits.</param>
[DebuggerDisplay("{{ {Lap}, {IsNoref ? \"noref\" : \"ref\",nq}, {Page} }}")]
internal readonly record struct SubBufferId(ulong Word)
{
    public const int PageBits = 12;
    public const int LapShift = PageBits + 1;
    public const int MaxPageSets = 1 << PageBits;
    public const ulong LapMask = ulong.MaxValue >> LapShift;

    private const ulong NorefBit = 1ul << PageBits;
    private const ulong PageMask = NorefBit - 1;

    public SubBufferId(ulong lap, bool noref, int page)
        : this((lap << LapShift) | (noref ? NorefBit : 0) | (uint)page)
    {
    }

    /// <summary>The lap, in as many bits as the tag has.</summary>
    public ulong Lap => Word >> LapShift;

    /// <summary>Nobody writes here; a reader may exchange the page set.</summary>
    public bool IsNoref => (Word & NorefBit) != 0;

    /// <summary>The page set's index; not checked against how many there are.</summary>
    public int Page => (int)(Word & PageMask);

    /// <summary>{ lap, ref, any } for this lap?</summary>
    public bool IsRef(ulong lap) => (Word & ~PageMask) == lap << LapShift;

    /// <summary>{ lap, noref, any } for this lap?</summary>
    public bool IsNorefOf(ulong lap) => (Word & ~PageMask) == ((lap << LapShift) | NorefBit);

    /// <summary>The same page set in the same lap, whether delivered or not.</summary>
    public bool IsSamePacket(SubBufferId other) => ((Word ^ other.Word) & ~NorefBit) == 0;
}
