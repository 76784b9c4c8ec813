using System.Globalization;

namespace RingTrace.Benchmarks.Peers;

/// <summary>What a peer says of one repetition.</summary>
/// <param name="Ns">Nanoseconds per event, the mean over threads; of a spaced one, the difference to its base.</param>
/// <param name="BaseNs">Nanoseconds of the spacing; 0 back to back.</param>
/// <param name="CpuNs">CPU time per event of the thread; null where it does not say.</param>
/// <param name="Events">Events emitted by all threads.</param>
/// <param name="Bytes">Bytes per event in the buffer; null where it does not say.</param>
/// <param name="Allocated">Managed bytes allocated per event; null where there are none.</param>
internal sealed record PeerReply(double Ns, double BaseNs, double? CpuNs, long Events, double? Bytes, double? Allocated)
{
    /// <exception cref="PeerException">The line is none of the protocol.</exception>
    public static PeerReply Parse(string line)
    {
        Dictionary<string, double> values = [];
        foreach (string part in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [string key, string text]
                || !double.TryParse(text, CultureInfo.InvariantCulture, out double value))
            {
                throw new PeerException($"it answered: {line}");
            }

            values[key] = value;
        }

        return new PeerReply(
            values["ns"], values.GetValueOrDefault("base"), Optional("cpu"), (long)values["events"], Optional("bytes"), Optional("alloc"));

        double? Optional(string key) => values.TryGetValue(key, out double value) ? value : null;
    }
}
