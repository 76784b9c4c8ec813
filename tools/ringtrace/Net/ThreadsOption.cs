using System.CommandLine;
using RingTrace.Tool.Filtering;

namespace RingTrace.Tool.Net;

/// <summary>How many processing threads a command has. With one, the reader works alone: a pipeline only pays where there is more to do.</summary>
internal static class ThreadsOption
{
    private const int Most = 128;

    public static Option<int> Create()
    {
        Option<int> threads = new("--threads")
        {
            Description = "Processing threads, 1 to 128; the result is the same with any number",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        OptionValues.Bound(threads, 1, Most);
        return threads;
    }
}
