// A process for tests to look into from outside. It prints "ready PID", then obeys lines of standard input, each answered by one:
//   write N     N events of worker 0                      written N
//   spin RATE   all workers, events/s together, 0 = all   spinning
//   stop        ends that                                 stopped N0 N1 ... (events of each worker so far)
//   span N      N spans                                   written N
//   end         the recorder ends in order, the process lives on          ended
//   exit        in order, as at the end of the input
using System.Globalization;
using RingTrace;
using RingTrace.Buffers;
using RingTrace.Target;

string? OptionOf(string name) => Array.LastIndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;
long NumberOf(string? text, long otherwise) => text is null ? otherwise : long.Parse(text, CultureInfo.InvariantCulture);

long memory = NumberOf(OptionOf("--memory"), 4 << 20);
int threads = (int)NumberOf(OptionOf("--threads"), 1);
ChannelOptions channel = RecorderSettings.ChannelFor(memory / Environment.ProcessorCount) with
{
    Mode = OptionOf("--mode") == "discard" ? RingMode.Discard : RingMode.Overwrite,
};
FlightRecorderOptions options = new()
{
    Name = "target",
    Directory = OptionOf("--dir"),
    Channels = [channel],
    Writer = OptionOf("--writer") switch { "classic" => WriterKind.Classic, "rseq" => WriterKind.Restartable, _ => null },
};
using FlightRecorder recorder = FlightRecorder.Start(options);
Workers workers = new(threads);
Console.WriteLine($"ready {Environment.ProcessId}");
while (Console.ReadLine() is { } line && line != "exit")
{
    string[] words = line.Split(' ', 2);
    long number = words.Length > 1 ? NumberOf(words[1], 0) : 0;
    Console.WriteLine(words[0] switch
    {
        "write" => Written(number, workers.Write),
        "span" => Written(number, Spans),
        "spin" => Spinning(number),
        "end" => Ended(),
        "stop" => "stopped " + string.Join(' ', workers.Stop()),
        _ => "unknown " + words[0],
    });
}

workers.Stop();
return 0;

static string Written(long number, Action<long> write)
{
    write(number);
    return $"written {number}";
}

static void Spans(long number)
{
    for (long i = 0; i < number; i++)
    {
        using (TargetEvents.Work(i))
        {
        }
    }
}

string Ended()
{
    recorder.Dispose();
    return "ended";
}

string Spinning(long rate)
{
    if (!workers.IsSpinning)
    {
        workers.Spin(rate);
    }

    return "spinning";
}
