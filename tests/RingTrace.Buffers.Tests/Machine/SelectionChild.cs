using System.Diagnostics;
using System.Runtime.CompilerServices;
using RingTrace.Buffers.Tests.Regions;
using Xunit;

namespace RingTrace.Buffers.Tests.Machine;

/// <summary>
/// This very program in other surroundings: what it may choose there, one line for each wish: "WISH: WRITER CLOCK",
/// each proven by a record that was kept, or "WISH: " and the error.
/// </summary>
internal static class SelectionChild
{
    private const string Variable = "RINGTRACE_TEST_SELECTION";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <param name="folder">Where the program lies; its own files, or a copy of some of them.</param>
    /// <param name="environment">What is added to ours.</param>
    public static Dictionary<string, string> Ask(string folder, params (string Name, string Value)[] environment)
    {
        using TestFolder rings = new();
        string name = Path.GetFileNameWithoutExtension(typeof(SelectionChild).Assembly.Location);
        ProcessStartInfo start = new(Path.Combine(folder, name)) { RedirectStandardOutput = true };
        start.Environment[Variable] = rings.Path;
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Timeout));
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(rings.Names());
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);
    }

    [ModuleInitializer]
    internal static void PlayThePart()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } rings)
        {
            return;
        }

        Console.WriteLine("auto: " + Try(rings, null, null));
        foreach (WriterKind writer in Enum.GetValues<WriterKind>())
        {
            Console.WriteLine($"{writer}: " + Try(rings, writer, null));
        }

        foreach (ClockKind clock in Enum.GetValues<ClockKind>())
        {
            Console.WriteLine($"{clock}: " + Try(rings, null, clock));
        }

        Environment.Exit(0);
    }

    private static string Try(string rings, WriterKind? writer, ClockKind? clock)
    {
        try
        {
            using RingRegion region = RingRegion.Create(new RegionOptions
            {
                AppName = "child",
                Directory = rings,
                Channels = [new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 2 }],
                Writer = writer,
                Clock = clock,
                Warn = line => Console.WriteLine("warned: " + line),
            });
            WriteResult result = region.Channels[0].Write(1, 42);
            return result == WriteResult.Recorded ? $"{region.WriterKind} {region.ClockKind}" : $"{result}";
        }
        catch (RegionException e)
        {
            return e.Message;
        }
    }
}
