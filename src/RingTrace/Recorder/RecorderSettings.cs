using System.Numerics;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>Options and environment, resolved into what the region is made from.</summary>
internal static class RecorderSettings
{
    private const int MinSubBuffer = 4 * 1024;
    private const int MaxDefaultSubBuffer = 256 * 1024;
    private const int MaxSubBuffer = 1 << 30;
    private const int DefaultCount = 64;
    private const int MaxCount = 2048;

    /// <summary>Whether <c>RINGTRACE_DISABLED</c> asks for silence.</summary>
    public static bool IsDisabled => Environment.GetEnvironmentVariable("RINGTRACE_DISABLED") is "1" or "true";

    public static string NameOf(FlightRecorderOptions options) => options.Name ?? AppDomain.CurrentDomain.FriendlyName;

    /// <summary>Tells of a warning; never throws: on a thread of the recorder's own that would end the service.</summary>
    public static Action<string> WarnerOf(FlightRecorderOptions options)
    {
        Action<string> tell = options.OnWarning ?? (line => Console.Error.WriteLine("ringtrace: " + line));
        return line =>
        {
            try
            {
                tell(line);
            }
#pragma warning disable CA1031 // Standard error may be a full disk, and the service's own code may throw anything.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        };
    }

    /// <exception cref="RegionException">A variable asks for what is not to be had.</exception>
    /// <exception cref="ArgumentException">A channel's sizes are out of range.</exception>
    public static RegionOptions Resolve(FlightRecorderOptions options)
    {
        return new RegionOptions
        {
            AppName = NameOf(options),
            Directory = string.IsNullOrEmpty(options.Directory) ? null : options.Directory,
            Channels = options.Channels is { } channels ? [.. channels.Select(Checked)] : [.. Shared(options)],
            Writer = Chosen("RINGTRACE_WRITER", options.Writer, WriterKind.Classic, WriterKind.Restartable),
            Clock = Chosen("RINGTRACE_CLOCK", options.Clock, ClockKind.Tsc, ClockKind.Monotonic, ClockKind.Coarse),
            Warn = WarnerOf(options),
        };
    }

    /// <summary>One channel in overwrite mode over the whole budget: many small sub-buffers, 2^k of them.</summary>
    internal static ChannelOptions ChannelFor(long bytesPerCpu)
    {
        // The largest 2^k that fits.
        long ring = Math.Max(MinSubBuffer * 2L, 1L << BitOperations.Log2((ulong)bytesPerCpu));
        long subBuffer = Math.Clamp(ring / DefaultCount, MinSubBuffer, MaxDefaultSubBuffer);
        subBuffer = Math.Max(subBuffer, ring / MaxCount);
        if (subBuffer > MaxSubBuffer)
        {
            throw new ArgumentOutOfRangeException(
                nameof(bytesPerCpu), bytesPerCpu, $"A ring has at most {(long)MaxCount * MaxSubBuffer} bytes a CPU.");
        }

        return new ChannelOptions { SubBufferSize = (int)subBuffer, SubBufferCount = (int)(ring / subBuffer) };
    }

    private static IEnumerable<ChannelOptions> Shared(FlightRecorderOptions options)
    {
        string directory = string.IsNullOrEmpty(options.Directory) ? RegionDirectory.DefaultPath : options.Directory;
        long budget = options.MemoryBytes ?? BudgetFor(directory);
        if (budget <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), budget, "MemoryBytes must be positive.");
        }

        IReadOnlyList<ChannelShare> shares = options.Shares is { Count: > 0 } some ? some : [new ChannelShare("default")];
        foreach (ChannelShare share in shares)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share.Parts, nameof(options));
        }

        long perPart = budget / Math.Max(1, CpuTopology.Affinity().Count) / shares.Sum(share => (long)share.Parts);
        return shares.Select(share => ChannelFor(perPart * share.Parts) with { Name = share.Name });
    }

    private static long BudgetFor(string directory)
    {
        try
        {
            return MemoryBudget.FromEnvironment(directory);
        }
        catch (FormatException e)
        {
            throw new RegionException(e.Message);
        }
    }

    private static ChannelOptions Checked(ChannelOptions channel)
    {
        if (channel.SubBufferSize < MinSubBuffer)
        {
            throw new ArgumentOutOfRangeException(
                nameof(channel), channel.SubBufferSize, $"Channel {channel.Name}: a sub-buffer has at least {MinSubBuffer} bytes.");
        }

        return channel.Mode == RingMode.Discard ? channel with { SpareCount = 0 } : channel;
    }

    /// <summary>What the variable names; null for auto; without it, what the options say.</summary>
    private static T? Chosen<T>(string variable, T? option, params T[] known) where T : struct, Enum
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value))
        {
            return option;
        }

        if (value == "auto")
        {
            return null;
        }

        foreach (T kind in known)
        {
            if (Spelling.Of(kind) == value)
            {
                return kind;
            }
        }

        throw new RegionException(
            $"{variable}={value} is not known: set it to auto, {string.Join(", ", known.Select(kind => Spelling.Of(kind)))}.");
    }
}
