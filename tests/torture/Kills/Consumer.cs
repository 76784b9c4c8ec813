using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>
/// A process that reads a service's rings by exchange, and is killed in the middle of a step: of taking over its
/// predecessor's seat, of claim, get, put, consume, copy or peek.
/// </summary>
internal static class Consumer
{
    /// <summary>Exit code of one that lived through all steps that it was given.</summary>
    public const int Survived = 3;

    /// <summary>More than one pass over all rings takes.</summary>
    private const int MostPasses = 1_000;

    /// <param name="ringFile">The <c>.ring</c> file.</param>
    /// <param name="steps">The operation that is not done any more; 0 for one that takes a packet of each ring and ends in order.</param>
    public static int Run(string ringFile, int steps)
    {
        using RegionImage image = RegionImage.Open(ringFile, Path.ChangeExtension(ringFile, ".ctl"), exchange: true);
        (int number, ChannelHeader channel) = image.Channels[0];
        List<RingReader<SuicidalMachine>> readers = [.. Enumerable.Range(0, image.Header.CpuCount)
            .Select(cpu => image.RingOf<SuicidalMachine>(number, in channel, cpu))
            .OfType<RingBuffer<SuicidalMachine>>()
            .Select(ring => new RingReader<SuicidalMachine>(ring, ProcessIdentity.Current))];
        byte[] scratch = new byte[channel.SubBufferSize];
        SuicidalMachine.Steps = steps;
        for (int pass = 0; pass == 0 || (steps > 0 && pass < MostPasses); pass++)
        {
            readers.ForEach(reader => Take(reader, scratch));
        }

        return steps == 0 ? TortureRun.Passed : Survived;
    }

    private static void Take(RingReader<SuicidalMachine> reader, byte[] scratch)
    {
        reader.TakeOverDead(owner => ProcessIdentity.IsAlive(owner.Pid, owner.StartTime));
        reader.Range(out ulong first, out ulong end);
        ulong last = reader.Geometry.Begin(end);
        if (first == last)
        {
            return;
        }

        // Neither the oldest, which the writers are about to take, nor always the newest.
        ulong position = last - reader.Geometry.SubBufferSize;
        if (reader.Get(position) == ReadResult.Ok)
        {
            reader.HeldContent(scratch);
            reader.Put(consume: true);
        }

        reader.TryCopy(position, scratch, out _);
        reader.TryPeek(scratch, out _, out _, out _);
    }
}
