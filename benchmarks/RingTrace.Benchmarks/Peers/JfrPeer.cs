using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Peers;

/// <summary>
/// The flight recorder of Java in memory mode, without stacks, in a JVM of its own. Its source is compiled on the spot;
/// its threads are pinned from here, for Java can't.
/// </summary>
internal sealed class JfrPeer(string name) : Peer(name)
{
    private const int Threads = 8;
    private readonly TemporaryDirectory _classes = TemporaryDirectory.Create();

    public override async Task StartAsync(CancellationToken cancel)
    {
        if (!OtherProgram.Exists("java"))
        {
            throw new PeerException("there is no java: install openjdk-17-jdk-headless");
        }

        string source = OtherProgram.Source("jfr/Bench.java");
        string[] program = [source];
        if (OtherProgram.Exists("javac"))
        {
            await OtherProgram.RunAsync(OtherProgram.Start("javac", ["-d", _classes.Path, source]), cancel);
            program = ["-cp", _classes.Path, "Bench"];
        }

        Process = await PeerProcess.StartAsync(
            OtherProgram.Start("java", ["-Xmx512m", "-XX:+UseParallelGC", .. program]), cancel);
        for (int n = 0; n < Threads; n++)
        {
            Affinity.PinThread(Process.Id, $"writer-{n}", n);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _classes.Dispose();
    }
}
