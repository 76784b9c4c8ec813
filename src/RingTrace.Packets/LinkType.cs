namespace RingTrace.Packets;

/// <summary>
/// What a packet begins with: the LINKTYPE_ values of the tcpdump group's registry, as they stand in capture files.
/// A file may name any other value; those packets are read and kept, not decoded.
/// </summary>
public enum LinkType
{
    /// <summary>BSD loopback: an address family in the byte order of the machine that captured.</summary>
    Null = 0,

    /// <summary>Ethernet, without preamble; with or without frame check sequence.</summary>
    Ethernet = 1,

    /// <summary>Point-to-point protocol: a protocol number, with or without the HDLC address and control bytes.</summary>
    Ppp = 9,

    /// <summary>Raw IP, as some systems number it in their files.</summary>
    RawBsd = 12,

    /// <summary>Raw IP, as OpenBSD numbers it in its files.</summary>
    RawOpenBsd = 14,

    /// <summary>PPP in HDLC-like framing, or Cisco HDLC when its first byte is 0x0F or 0x8F.</summary>
    PppHdlc = 50,

    /// <summary>LLC/SNAP over ATM (RFC 1483).</summary>
    AtmRfc1483 = 100,

    /// <summary>Raw IP: the first four bits say which version.</summary>
    Raw = 101,

    /// <summary>Cisco HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>802.11 without anything before it.</summary>
    Ieee80211 = 105,

    /// <summary>OpenBSD loopback: an address family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux "cooked" capture, version 1.</summary>
    LinuxSll = 113,

    /// <summary>802.11 behind a radiotap header.</summary>
    Ieee80211Radiotap = 127,

    /// <summary>An Endace ERF record, its header included.</summary>
    Erf = 197,

    /// <summary>Raw IPv4.</summary>
    IPv4 = 228,

    /// <summary>Raw IPv6.</summary>
    IPv6 = 229,

    /// <summary>InfiniBand, from the local routing header on.</summary>
    InfiniBand = 247,

    /// <summary>Linux "cooked" capture, version 2.</summary>
    LinuxSll2 = 276,
}
