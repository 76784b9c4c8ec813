using System.Runtime.InteropServices;
using RingTrace.Packets.Filters;
using RingTrace.Packets.Tests.Filters;

namespace RingTrace.Fuzz;

/// <summary>Filter programs: random ones, and libpcap's with damage. One that is taken runs on any packet, and twice the same.</summary>
internal sealed class ProgramJudge(IReadOnlyList<(RingTrace.Packets.LinkType Link, byte[] Data)> packets)
{
    private const int PacketsEach = 16;
    private const int LongEach = 50;

    private static readonly string[] Expressions =
        ["tcp port 80", "ip6 and udp", "host 192.0.2.1 or vlan", "tcp[tcpflags] & tcp-syn != 0", "len > 100 and ip[0] & 0xf != 5", "mpls 5 and icmp"];

    private readonly FilterInstruction[][] _compiled = [.. Expressions.Select(
        expression => PacketFilter.Compile(expression, RingTrace.Packets.LinkType.Ethernet).Program.Instructions.ToArray())];

    /// <summary>A program, in the form in which the kernel takes it.</summary>
    public byte[] Make(Random random)
    {
        RandomProgram maker = new(random.Next());
        FilterInstruction[] program = random.Next(4) == 0 ? _compiled[random.Next(_compiled.Length)]
            : random.Next(LongEach) == 0 ? Long(maker, random.Next(1, FilterProgram.MostInstructions + 100))
            : maker.Next();
        return MemoryMarshal.AsBytes(program.AsSpan()).ToArray();
    }

    public Outcome Run(byte[] bytes, Random random)
    {
        FilterProgram program;
        try
        {
            program = new FilterProgram(MemoryMarshal.Cast<byte, FilterInstruction>(bytes));
        }
        catch (FilterException e)
        {
            OneLine.Demand(e.Message);
            return Outcome.Refused;
        }

        RandomProgram maker = new(random.Next());
        for (int i = 0; i < PacketsEach; i++)
        {
            byte[] packet = i % 2 == 0 ? maker.Packet() : packets[random.Next(packets.Count)].Data;
            uint wire = (uint)random.NextInt64(uint.MaxValue);
            Litter(0x5A);
            long before = GC.GetAllocatedBytesForCurrentThread();
            uint first = program.Run(packet, wire);
            ViolationException.Unless(GC.GetAllocatedBytesForCurrentThread() == before, "running a program allocates");
            Litter(0xA5);
            ViolationException.Unless(program.Run(packet, wire) == first, "a program that reads what it has not written");
        }

        return Outcome.Whole;
    }

    /// <summary>Many after another: what would return goes on.</summary>
    private static FilterInstruction[] Long(RandomProgram maker, int length)
    {
        List<FilterInstruction> all = [];
        while (all.Count < length)
        {
            FilterInstruction[] next = maker.Next();
            next[^1] = new FilterInstruction(FilterCodes.Arithmetic | FilterCodes.Negate, 0, 0, 0);
            all.AddRange(next);
        }

        return [.. all, new FilterInstruction(FilterCodes.ReturnAccumulator, 0, 0, 0)];
    }

    /// <summary>Fills the stack where the program's memory will be.</summary>
    private static void Litter(byte value)
    {
        Span<byte> stack = stackalloc byte[1024];
        stack.Fill(value);
        _ = stack[^1];
    }
}
