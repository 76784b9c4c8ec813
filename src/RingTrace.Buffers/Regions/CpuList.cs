using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>The kernel's notation for sets of CPUs: numbers and ranges, such as <c>0-3,8-11</c>.</summary>
internal static class CpuList
{
    /// <summary>Above any machine that Linux runs on (8192 at the time of writing); bounds what is allocated.</summary>
    public const int CpuMax = 65535;

    /// <summary>Reads a set; an empty text is the empty set.</summary>
    /// <param name="text">The notation; blanks around it do not matter.</param>
    /// <param name="cpus">Ascending, each once.</param>
    /// <returns>False when it is something else.</returns>
    public static bool TryParse(string text, out IReadOnlyList<int> cpus)
    {
        cpus = [];
        text = text.Trim();
        if (text.Length == 0)
        {
            return true;
        }

        var found = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryParseCpu(ends[0], out int first) || !TryParseCpu(ends[^1], out int last)
                || last < first)
            {
                return false;
            }

            for (int cpu = first; cpu <= last; cpu++)
            {
                found.Add(cpu);
            }
        }

        cpus = [.. found];
        return true;
    }

    private static bool TryParseCpu(string text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu <= CpuMax;
}
