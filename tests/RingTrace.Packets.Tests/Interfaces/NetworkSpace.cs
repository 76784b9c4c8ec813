using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RingTrace.Formats.Tests;

namespace RingTrace.Packets.Tests.Interfaces;

/// <summary>
/// A network of its own: a namespace with a loopback interface, and with two Ethernet interfaces of which each gets what the other
/// one sends. The system itself sends nothing in it.
/// </summary>
internal sealed partial class NetworkSpace : IDisposable
{
    public const string Near = "near";
    public const string Far = "far";

    private const int NewNetwork = 0x4000_0000;

    public NetworkSpace()
    {
        try
        {
            Do("netns", "add", Name);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Judges.Missing($"no network namespace can be made: {e.Message}");
        }

        In(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"));
        Link("add", Near, "type", "veth", "peer", "name", Far);
        foreach (string name in (string[])[Near, Far, "lo"])
        {
            Link("set", name, "up");
        }
    }

    public string Name { get; } = $"ringtrace-{Path.GetRandomFileName()}";

    /// <summary>Runs <c>ip link</c> in it.</summary>
    /// <returns>What it says.</returns>
    public string Link(params string[] arguments) => Do(["-details", "-n", Name, "link", .. arguments]);

    /// <summary>Does something on a thread that is in the namespace. Sockets that it opens stay there, whoever uses them.</summary>
    public T In<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? problem = null;
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle space = File.OpenHandle($"/run/netns/{Name}");
                if (Enter(space, NewNetwork) != 0)
                {
                    throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());
                }

                result = action();
            }
            catch (Exception e)
            {
                problem = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        problem?.Throw();
        return result;
    }

    public void In(Action action) => In(() =>
    {
        action();
        return true;
    });

    public void Dispose() => Do("netns", "del", Name);

    private static string Do(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(
            $"ip {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Enter(SafeHandle space, int kind);
}
