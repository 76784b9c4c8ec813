using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Packets.Filters;

/// <summary>The system's libpcap, for its compiler alone. Any thread; from 1.8 on it is safe for many at once.</summary>
internal static partial class Libpcap
{
    private const string Library = "libpcap.so.0.8";

    /// <summary>PCAP_NETMASK_UNKNOWN: without a network interface there is no broadcast address to ask for.</summary>
    private const uint NoNetmask = uint.MaxValue;

    /// <summary>What libpcap calls raw IP inside; files number it differently.</summary>
    private const int RawIp = 12;

    /// <summary>Compiles an expression (pcap-filter(7)), optimised.</summary>
    /// <exception cref="FilterException">It is no expression, or says nothing about packets of that link type.</exception>
    /// <exception cref="DllNotFoundException">libpcap is not installed.</exception>
    public static FilterInstruction[] Compile(string expression, LinkType link, int snapLength)
    {
        nint handle = Open(link, snapLength);
        try
        {
            if (Compile(handle, out CompiledProgram program, expression, optimize: 1, NoNetmask) != 0)
            {
                string reason = Marshal.PtrToStringUTF8(GetError(handle)) ?? "libpcap does not say why";
                throw new FilterException($"'{expression}' is no filter for link type {(int)link}: {reason}.");
            }

            byte[] bytes = new byte[program.Count * Unsafe.SizeOf<FilterInstruction>()];
            Marshal.Copy(program.Instructions, bytes, 0, bytes.Length);
            FreeCode(ref program);
            return MemoryMarshal.Cast<byte, FilterInstruction>(bytes).ToArray();
        }
        finally
        {
            Close(handle);
        }
    }

    private static nint Open(LinkType link, int snapLength)
    {
        try
        {
            nint handle = OpenDead(DataLinkOf(link), snapLength);
            return handle != 0 ? handle : throw new InsufficientMemoryException("libpcap got no memory.");
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"Filters are compiled by {Library}, which is not there: install the package libpcap0.8.", e);
        }
    }

    /// <summary>libpcap's DLT_ value on Linux: that of the file, but for what systems had numbered each in their own way.</summary>
    private static int DataLinkOf(LinkType link) => link switch
    {
        LinkType.Raw or LinkType.RawOpenBsd => RawIp,
        LinkType.AtmRfc1483 => 11,
        (LinkType)102 => 15,
        (LinkType)103 => 16,
        (LinkType)106 => 19,
        (LinkType)246 => 18,
        _ => (int)link,
    };

    [LibraryImport(Library, EntryPoint = "pcap_open_dead")]
    private static partial nint OpenDead(int linkType, int snapLength);

    [LibraryImport(Library, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Compile(nint handle, out CompiledProgram program, string expression, int optimize, uint netmask);

    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    private static partial nint GetError(nint handle);

    [LibraryImport(Library, EntryPoint = "pcap_freecode")]
    private static partial void FreeCode(ref CompiledProgram program);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    private static partial void Close(nint handle);

    /// <summary>Its <c>bpf_program</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct CompiledProgram
    {
        public int Count;
        public nint Instructions;
    }
}
