namespace RingTrace.Packets.Captures;

/// <summary>What a capture file is written in.</summary>
public enum CaptureFormat
{
    /// <summary>libpcap's, with times in microseconds or nanoseconds, in either byte order.</summary>
    Pcap,

    /// <summary>pcapng.</summary>
    Pcapng,

    /// <summary>Endace's extensible record format.</summary>
    Erf,

    /// <summary>NLANR's time sequenced headers: 44 bytes a packet.</summary>
    Tsh,

    /// <summary>The WAND group's early DAG captures of Ethernet.</summary>
    LegacyEthernet,

    /// <summary>The WAND group's early DAG captures of ATM cells.</summary>
    LegacyAtm,

    /// <summary>The WAND group's early DAG captures of packets over SONET.</summary>
    LegacyPos,

    /// <summary>The clock records of a DAG card; holds no packets.</summary>
    Duck,

    /// <summary>Packets that were recorded as events, in a trace: no file of its own.</summary>
    Ring,

    /// <summary>Packets of a network interface as they come: no file of its own.</summary>
    Interface,
}
