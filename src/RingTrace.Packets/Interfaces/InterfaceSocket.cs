using System.Net.Sockets;
using System.Runtime.InteropServices;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Input;
using static RingTrace.Packets.Interfaces.SocketCalls;

namespace RingTrace.Packets.Interfaces;

/// <summary>
/// A packet socket (packet(7)) on one interface. For one thread, but for <see cref="Interrupt"/> and <see cref="Dropped"/>. It takes
/// the place of a capture's bytes, of which there are none.
/// </summary>
internal sealed class InterfaceSocket : ByteSource
{
    /// <summary>How long a call waits for a packet: so late an interruption, a removed interface or the time of an idle one shows at most.</summary>
    public const int WaitMs = 20;

    private const int PendingError = 4;
    private const int ForceReceiveBuffer = 33;
    private const int AddMembership = 1;
    private const int Statistics = 6;
    private const int IgnoreOutgoing = 23;
    private const int Promiscuous = 1;

    private const int MessageTruncated = 0x20;
    private const int DoNotWait = 0x40;
    private const int WaitForOne = 0x1_0000;

    private const int Interrupted = 4;
    private const int Again = 11;
    private const int NetworkDown = 100;

    private const ushort EthernetHardware = 1;
    private const ushort LoopbackHardware = 772;
    private const ushort RawIPHardware = 519;
    private const ushort TunnelHardware = 768;
    private const ushort Tunnel6Hardware = 769;
    private const ushort SitHardware = 776;
    private const ushort NoHardware = 0xFFFE;

    private const string Removed = "the interface was removed.";

    private readonly Socket _socket;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly Lock _counting = new();
    private long _dropped;
    private bool _isClosed;
    private bool _isGone;
    private volatile bool _isInterrupted;

    /// <exception cref="CaptureException">
    /// There is no such interface, it is down, its packets are of a kind that is not known, or it may not be captured.
    /// </exception>
    public InterfaceSocket(string interfaceName, InterfaceOptions options, CancellationToken cancel)
        : base($"{CaptureOpening.InterfaceName}:{interfaceName}")
    {
        int index = (int)IndexOf(interfaceName);
        if (index == 0)
        {
            throw new CaptureException($"{Name}: there is no such network interface: 'ip link' names those there are.");
        }

        try
        {
            _socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        }
        catch (SocketException e)
        {
            throw new CaptureException($"{Name}: " + (e.SocketErrorCode == SocketError.AccessDenied
                ? "permission denied: run as root, or give the program what it needs with 'setcap cap_net_raw+ep PROGRAM'." : e.Message), e);
        }

        try
        {
            // Of no protocol at first: not a packet comes before all is set up.
            Configure(index, options);
            _socket.Bind(new InterfaceEndPoint(index, InterfaceEndPoint.NoProtocol));
            ushort hardware = Bound().HardwareType;
            LinkType = IndexOf(interfaceName) == index ? LinkTypeOf(hardware) : throw new CaptureException($"{Name}: {Removed}");
            IsLoopback = hardware == LoopbackHardware;
            if (IsLoopback)
            {
                // Each packet comes twice. Older kernels than 4.20 don't know this, and the reader leaves one out.
                TrySet(PacketLevel, IgnoreOutgoing, 1);
            }

            _socket.Bind(new InterfaceEndPoint(index, InterfaceEndPoint.AllProtocols));

            // One that was removed just now is found by who reads.
            if (Get(SocketLevel, PendingError) == NetworkDown && IndexOf(interfaceName) == index)
            {
                throw new CaptureException($"{Name}: the interface is down: 'ip link set {interfaceName} up' brings it up.");
            }
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new CaptureException($"{Name}: " + (IndexOf(interfaceName) == index ? e.Message : Removed), e);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _cancelled = cancel.Register(Interrupt);
    }

    /// <summary>What its packets begin with.</summary>
    public LinkType LinkType { get; }

    /// <summary>Whether what is sent comes in again.</summary>
    public bool IsLoopback { get; }

    /// <summary>Whether nothing is wanted any more.</summary>
    public bool IsInterrupted => _isInterrupted;

    /// <summary>How many packets the kernel had no room for so far. Any thread.</summary>
    public long Dropped
    {
        get
        {
            lock (_counting)
            {
                if (!_isClosed)
                {
                    // The kernel begins to count anew each time it tells.
                    Span<byte> counts = stackalloc byte[2 * sizeof(uint)];
                    _socket.GetRawSocketOption(PacketLevel, Statistics, counts);
                    _dropped += MemoryMarshal.Read<uint>(counts[sizeof(uint)..]);
                }

                return _dropped;
            }
        }
    }

    /// <summary>Receives what is there.</summary>
    /// <param name="messages">Empty.</param>
    /// <param name="wait">Whether to wait a little for the first one.</param>
    /// <exception cref="CaptureException">
    /// The interface is gone, and all that came before was received; told to who waits, and has nothing in its hands.
    /// </exception>
    public void Receive(InterfaceMessages messages, bool wait)
    {
        int flags = MessageTruncated | (wait ? WaitForOne : DoNotWait);
        int received = messages.Receive(_socket.SafeHandle, flags);
        if (received < 0 && Marshal.GetLastPInvokeError() == NetworkDown)
        {
            // That it went down is told once, before the packets that came before.
            received = messages.Receive(_socket.SafeHandle, flags);
        }

        if (received < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is not (Again or Interrupted or NetworkDown))
            {
                throw new CaptureException($"{Name}: {Marshal.GetPInvokeErrorMessage(error)}");
            }

            if (error == Again && wait)
            {
                LookWhetherGone();
            }
        }
        else if (received == InterfaceMessages.Count)
        {
            // Only behind a full socket something can be lost. The kernel's own counter is short.
            _ = Dropped;
        }
    }

    /// <summary>Ends reading, now or later. Any thread.</summary>
    public void Interrupt() => _isInterrupted = true;

    public override int Read(Span<byte> buffer) => 0;

    public override void Dispose()
    {
        _cancelled.Dispose();
        Interrupt();
        _ = Dropped;
        lock (_counting)
        {
            _isClosed = true;
        }

        _socket.Dispose();
    }

    /// <summary>An interface that is down may come up again; one that is gone does not. What it brought last is waited for once more.</summary>
    private void LookWhetherGone()
    {
        if (_isGone)
        {
            throw new CaptureException($"{Name}: {Removed}");
        }

        _isGone = Bound().Interface < 0;
    }

    private void Configure(int index, InterfaceOptions options)
    {
        Set(SocketLevel, TimestampNs, BitConverter.GetBytes(1));
        Set(PacketLevel, Extra, BitConverter.GetBytes(1));
        _socket.ReceiveTimeout = WaitMs;
        if (!TrySet(SocketLevel, ForceReceiveBuffer, options.BufferBytes))
        {
            _socket.ReceiveBufferSize = options.BufferBytes;
        }

        if (options.IsPromiscuous)
        {
            // packet_mreq: the interface, what is asked for, and room for an address.
            Set(PacketLevel, AddMembership, [.. BitConverter.GetBytes(index), .. BitConverter.GetBytes((long)Promiscuous), .. new byte[4]]);
        }
    }

    private LinkAddress Bound()
    {
        LinkAddress address = default;
        int length = LinkAddress.Bytes;
        return GetName(_socket.SafeHandle, ref address, ref length) == 0
            ? address : throw new CaptureException($"{Name}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private LinkType LinkTypeOf(ushort hardware) => hardware switch
    {
        EthernetHardware or LoopbackHardware => LinkType.Ethernet,
        NoHardware or RawIPHardware or TunnelHardware or Tunnel6Hardware or SitHardware => LinkType.Raw,
        _ => throw new CaptureException(
            $"{Name}: packets of ARPHRD type {hardware}, which is none of those that are read: Ethernet, loopback, raw IP."),
    };

    private void Set(int level, int option, ReadOnlySpan<byte> value) => _socket.SetRawSocketOption(level, option, value);

    private bool TrySet(int level, int option, int value)
    {
        try
        {
            Set(level, option, BitConverter.GetBytes(value));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private int Get(int level, int option)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        _socket.GetRawSocketOption(level, option, value);
        return MemoryMarshal.Read<int>(value);
    }
}
