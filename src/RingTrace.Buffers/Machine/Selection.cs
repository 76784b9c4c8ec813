namespace RingTrace.Buffers;

/// <summary>
/// Which writer and which clock. Left open, the best that works here; asked for by name, that one or an error with the
/// reason, never another one silently.
/// </summary>
internal readonly record struct Selection(WriterKind Writer, ClockKind Clock)
{
    /// <param name="writer">Null for the best.</param>
    /// <param name="clock">Null for the best.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such writer or clock anywhere.</exception>
    /// <exception cref="RegionException">One that is asked for by name is not to be had; says why.</exception>
    public static Selection Resolve(WriterKind? writer, ClockKind? clock)
    {
        if (writer is { } asked && !Enum.IsDefined(asked))
        {
            throw new ArgumentOutOfRangeException(nameof(writer), writer, "There is no such writer.");
        }

        if (clock is { } wanted && !Enum.IsDefined(wanted))
        {
            throw new ArgumentOutOfRangeException(nameof(clock), clock, "There is no such clock.");
        }

        string? why = NativeLines.WhyNoSequences;
        if (writer == WriterKind.Restartable && why is not null)
        {
            throw new RegionException($"The restartable writer (rseq) is not to be had here: {why}. Ask for auto or classic.");
        }

        if (clock == ClockKind.Tsc && TscClock.WhyNot is { } whyNot)
        {
            throw new RegionException($"The TSC clock is not to be had here: {whyNot}. Ask for auto, monotonic or coarse.");
        }

        ClockKind chosen = clock ?? (TscClock.WhyNotByDefault is null ? ClockKind.Tsc : ClockKind.Monotonic);

        // The kernel's clock is a call, which no section may make: every record would go step by step.
        bool isBest = why is null && chosen != ClockKind.Monotonic;
        return new Selection(writer ?? (isBest ? WriterKind.Restartable : WriterKind.Classic), chosen);
    }
}
