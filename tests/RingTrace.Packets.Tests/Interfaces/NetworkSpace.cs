using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RingTrace.Formats.Tests;

namespace RingTrace.Packets.Tests.Interfaces;

/// <summary>
/// A network of its own: a namespace with a loopback interface, and with two Ethernet interfaces of which each gets what the other
/// one sends. The system itself sends nothing in it. It has no name, so it goes with this process and what was started in it.
/// </summary>
internal sealed partial class NetworkSpace : IDisposable
{
    public const string Near = "near";
    public const string Far = "far";

    private const int NewNetwork = 0x4000_0000;

    private readonly SafeFileHandle _space;

    public NetworkSpace()
    {
        try
        {
            _space = Alone(() =>
            {
                ThrowIfFailed(Leave(NewNetwork));
                return File.OpenHandle("/proc/thread-self/ns/net");
            });
        }
        catch (Win32Exception e)
        {
            Judges.Missing($"no network namespace can be made: {e.Message}");
            throw;
        }

        In(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"));
        Link("add", Near, "type", "veth", "peer", "name", Far);
        foreach (string name in (string[])[Near, Far, "lo"])
        {
            Link("set", name, "up");
        }
    }

    /// <summary>What a program begins with that has no end of its own: should nobody end it, because the test was killed, this does.</summary>
    public static IReadOnlyList<string> FiveMinutes { get; } = ["timeout", "--foreground", "--signal=KILL", "300"];

    /// <summary>Runs <c>ip link</c> in it.</summary>
    /// <returns>What it says.</returns>
    public string Link(params string[] arguments) => In(() => Judge.Run("ip", ["-details", "link", .. arguments]).Output);

    /// <summary>
    /// Does something on a thread that is in the namespace. Sockets that it opens and programs that it starts stay there, whoever uses them.
    /// </summary>
    public T In<T>(Func<T> action) => Alone(() =>
    {
        ThrowIfFailed(Enter(_space, NewNetwork));
        return action();
    });

    public void In(Action action) => In(() =>
    {
        action();
        return true;
    });

    public void Dispose() => _space.Dispose();

    /// <summary>On a thread that nobody else gets: which namespace it is in stays with it.</summary>
    private static T Alone<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? problem = null;
        Thread thread = new(() =>
        {
            try
            {
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

    private static void ThrowIfFailed(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Leave(int kind);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Enter(SafeHandle space, int kind);
}
