namespace RingTrace.Packets.Filters;

/// <summary>
/// A BPF expression, as tcpdump takes it: <c>tcp port 80 and host 192.0.2.1</c> (pcap-filter(7)). Compiled by the system's libpcap
/// (Debian's package libpcap0.8), verified and run by <see cref="FilterProgram"/>. Any thread may use it.
/// </summary>
public sealed class PacketFilter
{
    private readonly string _expression;
    private readonly int _snapLength;

    /// <summary>A program for each link type that was met; a capture has one or two. Replaced, never changed.</summary>
    private volatile (LinkType Link, FilterProgram Program)[] _programs;

    private PacketFilter(string expression, LinkType link, int snapLength)
    {
        (_expression, _snapLength) = (expression, snapLength);
        Program = CompileFor(link);
        _programs = [(link, Program)];
    }

    /// <summary>The program for the link type that was asked for.</summary>
    public FilterProgram Program { get; }

    /// <summary>Compiles an expression.</summary>
    /// <param name="expression">The expression; an empty one takes every packet.</param>
    /// <param name="link">What packets begin with. For packets of other link types it is compiled again when the first one is met.</param>
    /// <param name="snapLength">What the program returns for a packet it takes; at least 1.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="FilterException">It is no expression, says nothing about packets of that link type, or needs a loop (protochain).</exception>
    /// <exception cref="DllNotFoundException">libpcap is not installed.</exception>
    public static PacketFilter Compile(string expression, LinkType link, int snapLength = 262144)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentOutOfRangeException.ThrowIfLessThan(snapLength, 1);
        return new PacketFilter(expression, link, snapLength);
    }

    /// <summary>Whether the filter takes the packet; of meta records, none. Allocates nothing but for the first packet of a link type.</summary>
    /// <param name="packet">The packet.</param>
    /// <exception cref="FilterException">The expression says nothing about packets of this one's link type.</exception>
    public bool Matches(in Packet packet) =>
        packet.Kind == PacketKind.Packet && ProgramFor(packet.LinkType).Run(packet.Data, packet.WireLength) != 0;

    private FilterProgram ProgramFor(LinkType link)
    {
        foreach ((LinkType known, FilterProgram program) in _programs)
        {
            if (known == link)
            {
                return program;
            }
        }

        // Of two threads that meet it at once, one may forget what the other has made: it is made again.
        FilterProgram made = CompileFor(link);
        _programs = [.. _programs, (link, made)];
        return made;
    }

    private FilterProgram CompileFor(LinkType link) => new(Libpcap.Compile(_expression, link, _snapLength));
}
