using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace RingTrace.Attach;

/// <summary>
/// The diagnostics port of a .NET process: one command and one answer on each connection. What answers is not trusted:
/// lengths are bounded, and nobody waits for ever.
/// </summary>
/// <param name="path">The socket.</param>
/// <param name="pid">Who must be behind it: the path leads through directories of a process that is not trusted.</param>
/// <remarks>
/// A head of 20 bytes (magic, length of all, command set, command, 0), then the payload; texts are UTF-16 with their
/// length, the NUL counted, before them.
/// </remarks>
internal sealed class DiagnosticPort(string path, int pid)
{
    private const int HeadLength = 20;
    private const byte AnswerSet = 0xff;
    private const byte Good = 0;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private static readonly byte[] Magic = "DOTNET_IPC_V1\0"u8.ToArray();
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);

    /// <summary>Sends a command and takes its answer.</summary>
    /// <returns>The answer's payload.</returns>
    /// <exception cref="AttachException">Nobody answers, or the runtime refuses.</exception>
    public byte[] Ask(PortCommand command, byte[] payload)
    {
        using Socket socket = Connect();
        return Ask(socket, command, payload);
    }

    /// <summary>The same on a connection that stays open behind the answer.</summary>
    public byte[] Ask(Socket socket, PortCommand command, byte[] payload)
    {
        byte[] message = new byte[HeadLength + payload.Length];
        Magic.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), checked((ushort)message.Length));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), (ushort)command);
        payload.CopyTo(message, HeadLength);
        try
        {
            socket.Send(message);
            byte[] head = Receive(socket, HeadLength);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(14)) - HeadLength;
            if (!head.AsSpan(0, Magic.Length).SequenceEqual(Magic) || length < 0 || head[16] != AnswerSet)
            {
                throw new AttachException($"{path} is no diagnostics port: its answer is none.");
            }

            byte[] answer = Receive(socket, length);
            return head[17] == Good
                ? answer
                : throw new AttachException($"The runtime refuses the command {command}: {Describe(answer)}.");
        }
        catch (SocketException e)
        {
            throw new AttachException($"The runtime does not answer at {path} ({e.SocketErrorCode}): does the process hang?", e);
        }
    }

    /// <exception cref="AttachException">There is nobody.</exception>
    public Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)AnswerPatience.TotalMilliseconds,
            SendTimeout = (int)AnswerPatience.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            Span<byte> peer = stackalloc byte[3 * sizeof(int)]; // process, user, group
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, peer);
            if (BinaryPrimitives.ReadInt32LittleEndian(peer) == pid)
            {
                return socket;
            }
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new AttachException($"The diagnostics port {path} can't be opened: {e.Message}", e);
        }

        socket.Dispose();
        throw new AttachException($"{path} is not the process's own diagnostics port: another process is behind it.");
    }

    /// <summary>A text as the port has it.</summary>
    public static void Write(BinaryWriter writer, string text)
    {
        writer.Write(text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + "\0"));
    }

    /// <summary>A text as the port has it; empty where there is none.</summary>
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

    private static byte[] Receive(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int more = socket.Receive(bytes.AsSpan(got), SocketFlags.None);
            if (more == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            got += more;
        }

        return bytes;
    }

    private static string Describe(byte[] answer) => answer.Length < sizeof(uint) ? "it does not say why"
        : BinaryPrimitives.ReadUInt32LittleEndian(answer) switch
        {
            0x80131384 or 0x80131385 or 0x80131386 => "it does not know it (a runtime that is too old, or ahead-of-time compiled)",
            0x80131515 => "it does not support it (ahead-of-time compiled)",
            0x80070002 or 0x80131621 => "it does not find the file",
            uint code => $"error 0x{code:x8}",
        };
}

/// <summary>Command set and command.</summary>
internal enum PortCommand : ushort
{
    StopTracing = 0x0201,
    CollectTracing2 = 0x0203,
    ProcessInfo2 = 0x0404,
    ApplyStartupHook = 0x0407,
}
