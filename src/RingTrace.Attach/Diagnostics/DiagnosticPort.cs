using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Diagnostics.NETCore.Client;

namespace RingTrace.Attach;

/// <summary>
/// The diagnostics port of a .NET process. What answers is not trusted: it must be the process itself, lengths are bounded,
/// and each call has one deadline for all that it waits for.
/// </summary>
/// <param name="path">The socket.</param>
/// <param name="pid">Who must be behind it: the path leads through directories of a process that is not trusted.</param>
internal sealed class DiagnosticPort(string path, int pid)
{
    private const int HeadLength = 20;
    private const ushort ProcessInfo2 = 0x0404;
    private const byte AnswerSet = 0xff;
    private const byte Good = 0;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private static readonly byte[] Magic = "DOTNET_IPC_V1\0"u8.ToArray();

    /// <summary>How long an answer is waited for.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(3);

    /// <summary>What the runtime says of itself: the one question that the library does not ask.</summary>
    /// <remarks>A head of 20 bytes (magic, length of all, command set, command, 0), then the payload.</remarks>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The answer's payload, for <see cref="Read"/>.</returns>
    /// <exception cref="AttachException">Nobody answers, or the runtime refuses.</exception>
    public async Task<byte[]> AskAsync(CancellationToken cancel)
    {
        byte[] message = new byte[HeadLength];
        Magic.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), HeadLength);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), ProcessInfo2);
        try
        {
            using Socket socket = await ConnectAsync(cancel).ConfigureAwait(false);
            await socket.SendAsync(message, cancel).ConfigureAwait(false);
            byte[] head = await ReceiveAsync(socket, HeadLength, cancel).ConfigureAwait(false);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(14)) - HeadLength;
            if (!head.AsSpan(0, Magic.Length).SequenceEqual(Magic) || length < 0 || head[16] != AnswerSet)
            {
                throw new AttachException($"{path} is no diagnostics port: its answer is none.");
            }

            byte[] answer = await ReceiveAsync(socket, length, cancel).ConfigureAwait(false);
            return head[17] == Good ? answer : throw new AttachException($"The runtime behind {path} does not say what it is.");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            throw Unanswered(e);
        }
    }

    /// <summary>Calls the runtime by the library, within <see cref="Patience"/>.</summary>
    /// <remarks>
    /// Who is behind the port is checked on a connection of its own. Where the path leads elsewhere a moment later, the
    /// call comes to another process of the same machine, and does there what it would have done here.
    /// </remarks>
    /// <exception cref="AttachException">Nobody answers, or the runtime refuses.</exception>
    public async Task<T> CallAsync<T>(Func<DiagnosticsClient, CancellationToken, Task<T>> call)
    {
        using CancellationTokenSource deadline = new(Patience);
        try
        {
            (await ConnectAsync(deadline.Token).ConfigureAwait(false)).Dispose();
            DiagnosticsClientConnector connector =
                await DiagnosticsClientConnector.FromDiagnosticPort(path + ",connect", deadline.Token).ConfigureAwait(false);
            await using (connector.ConfigureAwait(false))
            {
                return await call(connector.Instance, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException and not AttachException or SocketException or OperationCanceledException)
        {
            throw Unanswered(e);
        }
        catch (Exception e) when (e is DiagnosticsClientException or ArgumentException or FormatException)
        {
            throw new AttachException($"The runtime behind {path} refuses: {e.Message}", e);
        }
    }

    /// <summary>A text of an answer: UTF-16, its length before it, the NUL counted; empty where there is none.</summary>
    public static string Read(ReadOnlySpan<byte> payload, ref int at)
    {
        if (payload.Length - at < sizeof(uint))
        {
            return "";
        }

        long bytes = 2L * BinaryPrimitives.ReadUInt32LittleEndian(payload[at..]);
        at += sizeof(uint);
        if (bytes == 0 || bytes > payload.Length - at)
        {
            return "";
        }

        string text = Encoding.Unicode.GetString(payload.Slice(at, (int)bytes - 2));
        at += (int)bytes;
        return text;
    }

    /// <exception cref="AttachException">There is nobody, or another.</exception>
    private async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
            if (PeerOf(socket) == pid)
            {
                return socket;
            }
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new AttachException($"The diagnostics port {path} can't be opened: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        throw new AttachException($"{path} is not the process's own diagnostics port: another process is behind it.");
    }

    private static int PeerOf(Socket socket)
    {
        Span<byte> peer = stackalloc byte[3 * sizeof(int)]; // process, user, group
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, peer);
        return BinaryPrimitives.ReadInt32LittleEndian(peer);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int length, CancellationToken cancel)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int more = await socket.ReceiveAsync(bytes.AsMemory(got), cancel).ConfigureAwait(false);
            if (more == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            got += more;
        }

        return bytes;
    }

    private AttachException Unanswered(Exception cause) => new($"The runtime does not answer at {path}: does the process hang?", cause);
}
