using System.Globalization;

namespace RingTrace.Formats.Tests;

/// <summary>
/// A trace written as a script, one event a word: <c>B7 W 1@10</c> begins span 7 of the kind W on thread 1 at time 10,
/// <c>E7 W 2@20</c> ends it on thread 2, <c>I9 N 1@40</c> is an instant with the number 9. Kinds are single letters; a thread's number modulo 2 is its CPU.
/// </summary>
internal static class SpanTrace
{
    /// <summary>Event ids: the letter's place in the alphabet times 3, plus 0 begin, 1 end, 2 instant.</summary>
    private const uint PartsOfKind = 3;

    public static TestTrace Write(string script, string extraEnv = "") => Write(Parse(script), extraEnv);

    public static TestTrace Write(IReadOnlyList<Step> steps, string extraEnv = "")
    {
        string events = string.Concat(steps.Select(step => step.Kind).Distinct().Select(kind =>
            TestTrace.Event(Id(kind, 'B'), $"S:{kind}_begin", "uint64_t _span;")
            + TestTrace.Event(Id(kind, 'E'), $"S:{kind}_end", "uint64_t _span;")
            + TestTrace.Event(Id(kind, 'I'), $"S:{kind}", "uint64_t _n;")));
        TestTrace trace = new(events, extraEnv);
        foreach (IGrouping<uint, Step> cpu in steps.GroupBy(step => (uint)step.Thread % 2))
        {
            // As a snapshot has it: each stream until the trace was taken.
            TestPacket packet = new(steps[0].Time, steps[^1].Time, cpu: cpu.Key);
            foreach (Step step in cpu)
            {
                packet.Event(Id(step.Kind, step.Part), step.Time, step.Thread, bytes => bytes.U64(step.Number));
            }

            trace.Write($"cpu{cpu.Key}", packet);
        }

        return trace;
    }

    private static uint Id(char kind, char part) => (uint)(kind - 'A') * PartsOfKind + part switch { 'B' => 0u, 'E' => 1, _ => 2 };

    private static List<Step> Parse(string script) => [.. script
        .Split(',', StringSplitOptions.TrimEntries).Select(text => text.Split(' ', '@')).Select(words => new Step(
            words[0][0], ulong.Parse(words[0][1..], CultureInfo.InvariantCulture), words[1][0],
            int.Parse(words[2], CultureInfo.InvariantCulture), ulong.Parse(words[3], CultureInfo.InvariantCulture)))];

    /// <summary>One event.</summary>
    public sealed record Step(char Part, ulong Number, char Kind, int Thread, ulong Time);
}
