using System.Net.Sockets;
using System.Runtime.InteropServices;
using RingTrace.Packets.Filters;

namespace RingTrace.Packets.Tests.Filters;

/// <summary>A program attached to a pair of sockets: the kernel verifies it, and runs it on what is sent.</summary>
internal sealed class KernelFilter : IDisposable
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ringtrace-{Path.GetRandomFileName()}");
    private readonly Socket _receiver = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly Socket _sender = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[1 << 16];

    private KernelFilter()
    {
        _receiver.Bind(new UnixDomainSocketEndPoint(_path));
        _sender.Connect(new UnixDomainSocketEndPoint(_path));
    }

    /// <returns>Null when the kernel refuses the program.</returns>
    public static KernelFilter? TryAttach(ReadOnlySpan<FilterInstruction> program)
    {
        KernelFilter filter = new();
        GCHandle instructions = GCHandle.Alloc(program.ToArray(), GCHandleType.Pinned);
        try
        {
            // sock_fprog: the count, and where they are.
            byte[] value = new byte[2 * sizeof(long)];
            BitConverter.TryWriteBytes(value, (ushort)program.Length);
            BitConverter.TryWriteBytes(value.AsSpan(sizeof(long)), instructions.AddrOfPinnedObject());
            filter._receiver.SetRawSocketOption(SocketLevel, AttachFilter, value);
            return filter;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.InvalidArgument)
        {
            filter.Dispose();
            return null;
        }
        finally
        {
            instructions.Free();
        }
    }

    /// <summary>How many bytes of the packet come through; the kernel has decided when it has been sent.</summary>
    public int Run(ReadOnlySpan<byte> packet)
    {
        _sender.Send(packet);
        try
        {
            return _receiver.Receive(_buffer);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _sender.Dispose();
        File.Delete(_path);
    }
}
