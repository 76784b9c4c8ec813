using System.Buffers.Binary;

namespace RingTrace.Packets.Layers.Views;

/// <summary>A radiotap header: what the receiver of an 802.11 frame measured. Its numbers are little-endian.</summary>
public readonly ref struct RadiotapView
{
    private const int LeastBytes = 8;
    private const int MostPresentWords = 32;
    private const uint HasTime = 1 << 0;
    private const uint HasFlags = 1 << 1;
    private const uint HasMoreWords = 1u << 31;
    private const int FlagPadded = 0x20;

    private readonly ReadOnlySpan<byte> _bytes;

    private RadiotapView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How long the header is, fields and all.</summary>
    public int HeaderLength => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[2..]);

    /// <summary>Which fields there are: the first word of the map.</summary>
    public uint Present => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[4..]);

    /// <summary>The flags field, -1 when there is none: 0x02 short preamble, 0x10 the frame ends in its check sequence, 0x20 padded.</summary>
    public int Flags
    {
        get
        {
            int at = 4;
            for (int words = 0; words < MostPresentWords && at + 4 <= HeaderLength; words++, at += 4)
            {
                if ((BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]) & HasMoreWords) == 0)
                {
                    break;
                }
            }

            // Behind the map: the clock, aligned to its own 8 bytes, then the flags.
            at += 4;
            at = (Present & HasTime) != 0 ? ((at + 7) & ~7) + 8 : at;
            return (Present & HasFlags) != 0 && at < HeaderLength ? _bytes[at] : -1;
        }
    }

    /// <summary>Whether the 802.11 header was padded to a multiple of four bytes.</summary>
    public bool Padded => Flags >= 0 && (Flags & FlagPadded) != 0;

    /// <summary>The 802.11 frame, as far as was captured.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or not of version 0.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RadiotapView view)
    {
        view = new(bytes);
        return bytes.Length >= LeastBytes && bytes[0] == 0 && view.HeaderLength >= LeastBytes && view.HeaderLength <= bytes.Length;
    }
}
