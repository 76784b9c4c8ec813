using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Text;
using Microsoft.Diagnostics.NETCore.Client;

namespace RingTrace.Attach;

/// <summary>
/// A session on one event source of a process: tells the source its arguments, and waits for a text from it. The session's
/// format need not be known for that: an event's payload stands in the stream as it is, and a text ends with a NUL.
/// </summary>
internal sealed class DiagnosticSession : IDisposable
{
    private const int BufferMegabytes = 1;
    private const long AllKeywords = -1;

    /// <summary>The longest text that is waited for, and what is kept of the stream.</summary>
    private const int MaxText = 16 * 1024;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    private readonly EventPipeSession _session;
    private readonly byte[] _received = new byte[2 * MaxText];
    private int _length;

    /// <param name="port">Whose.</param>
    /// <param name="source">The event source; it may come later.</param>
    /// <param name="arguments">What it is told.</param>
    /// <exception cref="AttachException">The runtime refuses.</exception>
    public DiagnosticSession(DiagnosticPort port, string source, IEnumerable<(string Key, string Value)> arguments)
    {
        EventPipeProvider provider = new(
            source, EventLevel.Informational, AllKeywords, arguments.ToDictionary(pair => pair.Key, pair => Checked(pair.Value)));
        _session = port.CallAsync((client, cancel) =>
            client.StartEventPipeSessionAsync([provider], requestRundown: false, BufferMegabytes, cancel)).GetAwaiter().GetResult();
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
            using CancellationTokenSource deadline = new(StopPatience);
            _session.StopAsync(deadline.Token).GetAwaiter().GetResult();
            Stopwatch waited = Stopwatch.StartNew();
            while (TryReceive(StopPatience - waited.Elapsed))
            {
                // To the end.
            }
        }
        catch (Exception e) when (e is DiagnosticsClientException or IOException or OperationCanceledException)
        {
            // The process has ended, or hangs; its runtime finds the connection closed.
        }

        _session.Dispose();
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
            using CancellationTokenSource deadline = new(patience);
            int more = _session.EventStream.ReadAsync(_received.AsMemory(_length), deadline.Token).AsTask().GetAwaiter().GetResult();
            _length += more;
            return more > 0;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Checked(string value) => value.AsSpan().IndexOfAny("\"\0") < 0
        ? value : throw new AttachException($"'{value}' can't be sent by the diagnostics port: leave out the quotation marks.");
}
