using RingTrace.Packets.Blocks;
using RingTrace.Packets.Input;
using RingTrace.Packets.Interfaces;

namespace RingTrace.Packets.Captures;

/// <summary>
/// The packets of a capture, in the order of the file. For one thread; what it hands out may be held and read by others.
/// </summary>
/// <remarks>
/// A damaged or cut file gives every packet before the damage, then throws: nothing is skipped in silence. Memory is a few blocks
/// of 256 KiB, whatever the file's size, and what is held; a record of more than 16 MiB is damage.
/// </remarks>
public abstract class CaptureReader : IDisposable
{
    private readonly PacketBatch _own = new();
    private int _next;
    private CaptureException? _problem;

    private protected CaptureReader(BlockReader input, CaptureFormat format) => (Input, Format) = (input, format);

    /// <summary>What the file is written in; of a compressed one, what it unpacks to.</summary>
    public CaptureFormat Format { get; }

    /// <summary>The file as it was named.</summary>
    public string Name => Input.Name;

    /// <summary>The interfaces that the file has told of so far.</summary>
    public abstract IReadOnlyList<CaptureInterface> Interfaces { get; }

    /// <summary>How far the reading is, in bytes of the capture; of a compressed one, of what it unpacks to.</summary>
    public long Offset => Input.Offset;

    /// <summary>
    /// How many packets the capturer says it lost, in what was read so far: ERF's loss counters, pcapng's drop counts and statistics.
    /// Of a network interface: how many the kernel had no room for until now.
    /// </summary>
    public virtual long Lost { get; private protected set; }

    /// <summary>How many packets the capturer marked as damaged on the wire, in what was read so far: ERF's flags, pcapng's.</summary>
    public long Damaged { get; private protected set; }

    private protected BlockReader Input { get; }

    /// <inheritdoc cref="BlockPool.Reserve"/>
    internal void Reserve(int blocks) => Input.Reserve(blocks);

    /// <summary>How many packets have been numbered.</summary>
    private protected long Packets { get; set; }

    /// <summary>Opens a capture.</summary>
    /// <param name="uri">
    /// A path, <c>-</c> for standard input, or either behind a format's name, as in <c>legacyeth:FILE</c>: needed for the formats
    /// that can't be told by their first bytes. Compressed files are unpacked on the way. Or <c>int:</c> and the name of a network
    /// interface.
    /// </param>
    /// <returns>A reader at the first record.</returns>
    /// <exception cref="CaptureException">There is no such file, it can't be read, or it is none of the formats.</exception>
    public static CaptureReader Open(string uri) => CaptureOpening.Open(uri, CancellationToken.None);

    /// <summary>As <see cref="Open(string)"/>; standard input, pipes and interfaces, where a read may wait, can be called off.</summary>
    /// <param name="uri">As for <see cref="Open(string)"/>.</param>
    /// <param name="cancel">When it is cancelled, these end where they are: a pipe perhaps inside a record.</param>
    /// <returns>A reader at the first record.</returns>
    /// <exception cref="CaptureException">There is no such file, it can't be read, or it is none of the formats.</exception>
    public static CaptureReader OpenCancellable(string uri, CancellationToken cancel) => CaptureOpening.Open(uri, cancel);

    /// <summary>Captures the packets of a network interface from now on, the same as <c>int:NAME</c>.</summary>
    /// <param name="name">The interface, as <c>ip link</c> names it: of Ethernet, loopback or raw IP.</param>
    /// <param name="options">How; usual if null.</param>
    /// <param name="cancel">When it is cancelled, the capture ends: within 20 ms when nothing comes.</param>
    /// <returns>A reader that waits for the first packet.</returns>
    /// <exception cref="CaptureException">There is no such interface, it is down, of another kind, or this process may not capture it.</exception>
    /// <exception cref="ArgumentException">The name is empty, or <see cref="InterfaceOptions.BufferBytes"/> is not positive.</exception>
    public static CaptureReader OpenInterface(string name, InterfaceOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new InterfaceOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BufferBytes, nameof(options));
        return new InterfaceReader(name, options, cancel);
    }

    /// <summary>Opens a capture that comes as a stream: its packets are handed on as they arrive.</summary>
    /// <param name="stream">Disposed of with the reader; it need not be seekable.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="format">The format, when it can't be told by the first bytes.</param>
    /// <returns>A reader at the first record.</returns>
    /// <exception cref="CaptureException">It can't be read, or it is none of the formats.</exception>
    public static CaptureReader Open(Stream stream, string name, CaptureFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return CaptureOpening.Open(new StreamSource(stream, name), format, isPlain: false);
    }

    /// <summary>Fills a batch with the next packets, as many as are there without waiting, at least one.</summary>
    /// <param name="batch">Emptied first.</param>
    /// <returns>False at the end of the capture.</returns>
    /// <exception cref="CaptureException">The capture is damaged, cut or can't be read from here on.</exception>
    /// <exception cref="InvalidOperationException"><see cref="TryRead"/> was called before: it has read ahead.</exception>
    public bool TryReadBatch(PacketBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_next < _own.Count)
        {
            throw new InvalidOperationException($"{Name}: packets that {nameof(TryRead)} has read ahead would be left out; take one or the other.");
        }

        batch.Clear();
        return TryReadMore(batch);
    }

    /// <summary>Whether reading may wait for whoever writes.</summary>
    internal bool MayWait => Input.MayWait;

    /// <summary>The same, behind what the batch holds already. Damage is told when the batch is empty.</summary>
    internal bool TryReadMore(PacketBatch batch)
    {
        if (_problem is not null)
        {
            return batch.Count > 0 ? false : throw _problem;
        }

        if (batch.IsFull)
        {
            return false;
        }

        int before = batch.Count;
        try
        {
            return Fill(batch);
        }
        catch (CaptureException e)
        {
            _problem = e;
            if (batch.Count == 0)
            {
                throw;
            }

            // What came before the damage is handed out first; the damage is told to who goes on.
            return batch.Count > before;
        }
    }

    /// <summary>Reads the next packet or meta record.</summary>
    /// <param name="packet">Good until the next call.</param>
    /// <returns>False at the end of the capture.</returns>
    /// <exception cref="CaptureException">The capture is damaged, cut or can't be read from here on.</exception>
    public bool TryRead(out Packet packet)
    {
        if (_next == _own.Count)
        {
            _next = 0;
            _own.Clear();
            if (!TryReadBatch(_own))
            {
                packet = default;
                return false;
            }
        }

        packet = _own[_next++];
        return true;
    }

    /// <summary>Closes the file. Held packets stay good.</summary>
    public void Dispose()
    {
        _own.Dispose();
        Input.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Takes records out of the window, and goes by them, until the batch is full or the next one is not whole.
    /// </summary>
    /// <returns>How long the window must be for the next record, as far as one can tell; 0 when the batch is full.</returns>
    private protected abstract int Parse(PacketBatch batch);

    private bool Fill(PacketBatch batch)
    {
        int before = batch.Count;
        while (true)
        {
            int needed = Parse(batch);
            if (batch.Count > before)
            {
                return true;
            }

            if (!Input.Ensure(needed))
            {
                return Input.Window.IsEmpty ? false : throw Input.Error(
                    Input.Offset, $"the capture ends inside a record: {needed} bytes are expected, {Input.Window.Length} are there.");
            }
        }
    }
}
