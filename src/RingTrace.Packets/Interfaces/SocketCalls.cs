using System.Runtime.InteropServices;

namespace RingTrace.Packets.Interfaces;

/// <summary>What the framework's sockets lack. Structures are laid out as on 64-bit Linux.</summary>
internal static partial class SocketCalls
{
    /// <summary>Options of any socket, and messages about them.</summary>
    public const int SocketLevel = 1;

    /// <summary>When a packet came, to the nanosecond.</summary>
    public const int TimestampNs = 35;

    /// <summary>Options of packet sockets, and messages about them.</summary>
    public const int PacketLevel = 263;

    /// <summary>What the kernel knows of a packet beside its bytes.</summary>
    public const int Extra = 8;

    /// <summary>Receives several messages, each where its header says.</summary>
    /// <returns>How many; -1 for an error.</returns>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(SafeHandle socket, Span<ReceivedMessage> messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(SafeHandle socket, ref LinkAddress address, ref int length);

    /// <summary>An interface's number.</summary>
    /// <returns>0 when there is none of this name.</returns>
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint IndexOf(string name);
}

/// <summary><c>sockaddr_ll</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkAddress
{
    public const int Bytes = 20;

    public ushort Family;

    /// <summary>An EtherType in network byte order.</summary>
    public ushort Protocol;

    /// <summary>The interface's number; -1 when there is none any more.</summary>
    public int Interface;

    /// <summary>ARPHRD_: what its packets begin with.</summary>
    public ushort HardwareType;

    public byte PacketType;
    public byte AddressLength;
    public uint Address;
    public uint AddressEnd;
}

/// <summary><c>iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessagePart
{
    public nint Address;
    public nint Length;
}

/// <summary><c>msghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageHeader
{
    public nint Name;
    public int NameLength;
    public nint Parts;
    public nint PartCount;
    public nint Control;
    public nint ControlLength;
    public int Flags;
}

/// <summary><c>mmsghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ReceivedMessage
{
    public MessageHeader Header;
    public int Length;
}

/// <summary><c>cmsghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nint Length;
    public int Level;
    public int Type;
}

/// <summary><c>tpacket_auxdata</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PacketExtra
{
    public uint Status;
    public uint Length;
    public uint SnapLength;
    public ushort LinkOffset;
    public ushort NetworkOffset;
    public ushort VlanTag;
    public ushort VlanType;
}
