using System.Net.Sockets;
using Xunit;

namespace RingTrace.Attach.Tests.Diagnostics;

/// <summary>What answers at the port of a process that is not trusted: anything, and at its own pace.</summary>
public sealed class DiagnosticPortTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _deadline = new(Bound);
    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-port-").FullName;
    private readonly CancellationTokenSource _end = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private string Path => System.IO.Path.Combine(_directory, "socket");

    [Fact]
    public async Task Who_answers_byte_by_byte_for_ever_is_left_at_the_deadline()
    {
        const int Sent = 10;
        Serve(async peer =>
        {
            byte[] head = [.. Head(length: ushort.MaxValue)];
            for (int i = 0; i < Sent; i++)
            {
                await peer.SendAsync(new byte[] { head[i] }, _end.Token);
            }

            // Neither closed nor ended: whoever asks is still reading when the time is over.
            await _deadline.CancelAsync();
            await new TaskCompletionSource().Task.WaitAsync(_end.Token);
        });
        AttachException error = await Ask(Environment.ProcessId);
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
        Assert.True(_deadline.IsCancellationRequested);
    }

    [Fact]
    public async Task A_short_answer_is_an_error()
    {
        Serve(async peer => await peer.SendAsync(Head(length: 100), _end.Token));
        Assert.Contains("does not answer", (await Ask(Environment.ProcessId)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_begin_as_an_answer_is_an_error()
    {
        Serve(async peer => await peer.SendAsync("GET / HTTP/1.1 and more"u8.ToArray(), _end.Token));
        Assert.Contains("is no diagnostics port", (await Ask(Environment.ProcessId)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_process_behind_the_socket_is_refused()
    {
        Serve(static _ => Task.CompletedTask);
        Assert.Contains("another process is behind it", (await Ask(pid: 1)).Message, StringComparison.Ordinal);
        DiagnosticPort port = new(Path, 1);
        AttachException error = await Assert.ThrowsAsync<AttachException>(() => port.CallAsync((_, _) => Task.FromResult(true)));
        Assert.Contains("another process is behind it", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _deadline.Dispose();
        _end.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static byte[] Head(ushort length) =>
        [.. "DOTNET_IPC_V1\0"u8, (byte)length, (byte)(length >> 8), 0xff, 0, 0, 0];

    private void Serve(Func<Socket, Task> answer)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using Socket peer = await _listener.AcceptAsync(_end.Token);

                // To the end of the question: an answer before it may close the door on whoever still asks.
                await peer.ReceiveAsync(new byte[20], _end.Token);
                await answer(peer);
            }
        });
    }

    private Task<AttachException> Ask(int pid) =>
        Assert.ThrowsAsync<AttachException>(() => new DiagnosticPort(Path, pid).AskAsync(_deadline.Token).WaitAsync(2 * Bound));
}
