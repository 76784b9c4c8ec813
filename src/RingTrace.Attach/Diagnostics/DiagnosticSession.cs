using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace RingTrace.Attach;

/// <summary>
/// A session on one event source of a process: tells the source its arguments, and waits for a text from it. The session's
/// format need not be known for that: an event's payload stands in the stream as it is, and a text ends with a NUL.
/// </summary>
internal sealed class DiagnosticSession : IDisposable
{
    private const uint BufferMegabytes = 1;
    private const uint NetTrace = 1;
    private const uint Informational = 4;

    /// <summary>The longest text that is waited for, and what is kept of the stream.</summary>
    private const int MaxText = 16 * 1024;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    private readonly DiagnosticPort _port;
    private readonly Socket _socket;
    private readonly byte[] _session;
    private readonly byte[] _received = new byte[2 * MaxText];
    private int _length;

    /// <param name="port">Whose.</param>
    /// <param name="source">The event source; it may come later.</param>
    /// <param name="arguments">What it is told.</param>
    /// <exception cref="AttachException">The runtime refuses.</exception>
    public DiagnosticSession(DiagnosticPort port, string source, IEnumerable<(string Key, string Value)> arguments)
    {
        _port = port;
        using MemoryStream payload = new();
        using BinaryWriter writer = new(payload);
        writer.Write(BufferMegabytes);
        writer.Write(NetTrace);
        writer.Write(false); // no rundown
        writer.Write(1); // source
        writer.Write(ulong.MaxValue); // keywords
        writer.Write(Informational);
        DiagnosticPort.Write(writer, source);
        DiagnosticPort.Write(writer, string.Join(';', arguments.Select(argument => $"{argument.Key}=\"{Checked(argument.Value)}\"")));
        _socket = port.Connect();
        try
        {
            _session = port.Ask(_socket, PortCommand.CollectTracing2, payload.ToArray());
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a text that begins so.</summary>
    /// <returns>What stands behind that; null when nothing came in time.</returns>
    public string? Wait(string begin, TimeSpan patience)
    {
        byte[] mark = Encoding.Unicode.GetBytes(begin);
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            if (Find(mark) is { } text)
            {
                return text;
            }

            if (!TryReceive(patience - waited.Elapsed))
            {
                return null;
            }
        }
    }

    /// <summary>Ends the session, and takes what is still on its way: the runtime waits for that.</summary>
    public void Dispose()
    {
        try
        {
            _port.Ask(PortCommand.StopTracing, _session);
            Stopwatch waited = Stopwatch.StartNew();
            while (TryReceive(StopPatience - waited.Elapsed))
            {
                // To the end.
            }
        }
        catch (AttachException)
        {
            // The process has ended, or hangs; its runtime finds the connection closed.
        }

        _socket.Dispose();
    }

    private string? Find(byte[] mark)
    {
        ReadOnlySpan<byte> received = _received.AsSpan(0, _length);
        int begin = received.IndexOf(mark);
        if (begin < 0)
        {
            return null;
        }

        for (int end = begin + mark.Length; end + 1 < received.Length; end += sizeof(char))
        {
            if (received[end] == 0 && received[end + 1] == 0)
            {
                return Encoding.Unicode.GetString(received[(begin + mark.Length)..end]);
            }
        }

        return null;
    }

    private bool TryReceive(TimeSpan patience)
    {
        if (patience <= TimeSpan.Zero)
        {
            return false;
        }

        if (_length == _received.Length)
        {
            _received.AsSpan(MaxText).CopyTo(_received);
            _length -= MaxText;
        }

        try
        {
            _socket.ReceiveTimeout = Math.Max(1, (int)patience.TotalMilliseconds);
            int more = _socket.Receive(_received.AsSpan(_length), SocketFlags.None);
            _length += more;
            return more > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Checked(string value) => value.AsSpan().IndexOfAny("\"\0") < 0
        ? value : throw new AttachException($"'{value}' can't be sent by the diagnostics port: leave out the quotation marks.");
}
