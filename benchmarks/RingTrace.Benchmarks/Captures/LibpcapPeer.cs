using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Captures;

/// <summary>libpcap's <c>pcap_loop</c> in C, compiled on the spot.</summary>
internal static class LibpcapPeer
{
    private const string Packages = "install libpcap-dev and gcc";

    /// <exception cref="PeerException">It can't be compiled or started; says what to install.</exception>
    public static async Task<PeerProcess> StartAsync(TemporaryDirectory directory, CancellationToken cancel)
    {
        string program = directory["peer"];
        string source = Path.Combine(AppContext.BaseDirectory, "Captures", "libpcap", "peer.c");
        try
        {
            await OtherProgram.RunAsync(OtherProgram.Start("cc", ["-O2", "-o", program, source, "-lpcap"]), cancel);
        }
        catch (PeerException e)
        {
            throw new PeerException($"{e.Message} ({Packages})");
        }

        return await PeerProcess.StartAsync(OtherProgram.Start(program, []), cancel);
    }
}
