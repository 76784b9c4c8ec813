using System.Runtime.InteropServices;
using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Compare;

/// <summary>Where it was measured.</summary>
internal sealed record Machine(
    string Processor, int Cpus, string Kernel, string ClockSource, string Runtime, DateTimeOffset Time)
{
    public static Machine Describe() => new(
        FieldOf("/proc/cpuinfo", "model name"),
        Affinity.Cpus.Count,
        Environment.OSVersion.Version.ToString(),
        ReadLine("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        RuntimeInformation.FrameworkDescription,
        DateTimeOffset.UtcNow);

    public override string ToString() =>
        $"{Processor}, {Cpus} CPUs, Linux {Kernel}, clock source {ClockSource}, {Runtime}, {Time:yyyy-MM-dd HH:mm} UTC";

    private static string FieldOf(string file, string field) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?.Split(':')[1].Trim()
                ?? RuntimeInformation.ProcessArchitecture.ToString()
            : "unknown";

    private static string ReadLine(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "unknown";
}
