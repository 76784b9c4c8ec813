using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Filters;
using Xunit;
using static RingTrace.Packets.Filters.FilterCodes;

namespace RingTrace.Packets.Tests.Filters;

public partial class FilterProgramTests
{
    private const int PacketsEach = 4;

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void The_programs_that_are_taken_are_those_that_the_kernel_takes()
    {
        int taken = 0;
        Prop.ForAll<int>(seed =>
        {
            FilterInstruction[] program = new RandomProgram(seed).Next();
            using KernelFilter? kernel = KernelFilter.TryAttach(program);
            Assert.Equal(kernel is not null, FilterVerifier.ProblemOf(program) is null);
            taken += kernel is null ? 0 : 1;
        }).Check(Runs);
        Assert.InRange(taken, 300, 2700);
    }

    [Fact]
    public void A_program_says_what_libpcaps_interpreter_says()
    {
        int accepted = 0;
        Prop.ForAll<int>(seed =>
        {
            RandomProgram random = new(seed);
            FilterInstruction[] instructions = random.Next();
            if (FilterVerifier.ProblemOf(instructions) is not null)
            {
                return;
            }

            FilterProgram program = new(instructions);
            for (int i = 0; i < PacketsEach; i++)
            {
                byte[] packet = random.Packet();
                uint wire = (uint)(packet.Length + i);
                uint verdict = program.Run(packet, wire);
                Assert.Equal(Reference(instructions, packet, wire), verdict);
                accepted += verdict == 0 ? 0 : 1;
            }
        }).Check(Runs);
        Assert.InRange(accepted, 500, 3000 * PacketsEach);
    }

    [Theory]
    [InlineData(0u, 4, true)]
    [InlineData(0u, 3, false)]
    [InlineData(1u, 4, false)]
    [InlineData(int.MaxValue, 4, false)]
    public void A_packet_that_ends_before_what_is_looked_at_is_rejected(uint offset, int length, bool accepted)
    {
        FilterProgram program = new([new(Load | FourBytes | Absolute, 0, 0, offset), new(ReturnConstant, 0, 0, 1)]);
        Assert.Equal(accepted ? 1u : 0u, program.Run(new byte[length], 100));
    }

    [Fact]
    public void An_offset_does_not_wrap_around()
    {
        FilterProgram program = new(
        [
            new(LoadIndex | Immediate, 0, 0, uint.MaxValue), new(Load | OneByte | Indirect, 0, 0, 1), new(ReturnConstant, 0, 0, 1),
        ]);
        Assert.Equal(0u, program.Run(new byte[4], 4));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(FilterProgram.MostInstructions, 1)]
    [InlineData(FilterProgram.MostInstructions + 1, 1)]
    [InlineData(2, uint.MaxValue)]
    public void The_length_of_a_program_and_its_jumps_are_bounded(int length, uint jump)
    {
        FilterInstruction[] program = [.. Enumerable.Repeat(new FilterInstruction(Jump | Always, 0, 0, jump == 1 ? 0 : jump), length)];
        if (length > 0)
        {
            program[^1] = new(ReturnConstant, 0, 0, 7);
        }

        if (length is > 0 and <= FilterProgram.MostInstructions && jump == 1)
        {
            Assert.Equal(7u, new FilterProgram(program).Run([], 0));
        }
        else
        {
            FilterException e = Assert.Throws<FilterException>(() => new FilterProgram(program));
            Assert.Contains(jump == 1 ? $"{length} instructions" : "instruction 0 (0005) jumps backward", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_instruction_is_laid_out_as_the_kernels()
    {
        FilterInstruction[] one = [new(0x1122, 0x33, 0x44, 0x55667788)];
        Assert.Equal([0x22, 0x11, 0x33, 0x44, 0x88, 0x77, 0x66, 0x55], MemoryMarshal.AsBytes<FilterInstruction>(one).ToArray());
    }

    private static uint Reference(FilterInstruction[] program, byte[] packet, uint wireLength)
    {
        try
        {
            return Interpret(MemoryMarshal.AsBytes<FilterInstruction>(program), packet, wireLength, (uint)packet.Length);
        }
        catch (DllNotFoundException)
        {
            Judges.Missing("libpcap0.8 is not installed");
            throw;
        }
    }

    [LibraryImport("libpcap.so.0.8", EntryPoint = "bpf_filter")]
    private static partial uint Interpret(
        ReadOnlySpan<byte> program, ReadOnlySpan<byte> packet, uint wireLength, uint capturedLength);
}
