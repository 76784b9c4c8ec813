using System.Net;

namespace RingTrace.Tool.Demo;

/// <summary>
/// Clients that ask the demo's server for random things: a fixed number at a time, each its next when it has the answer
/// to its last, until cancelled.
/// </summary>
internal sealed class DemoLoad : IAsyncDisposable
{
    public const int Clients = 12;

    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stop;
    private readonly Task _running;
    private long _failed;

    /// <summary>Starts.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="cancel">Ends it as <see cref="StopAsync"/> does.</param>
    public DemoLoad(Uri server, CancellationToken cancel)
    {
        _client = NewClient(server);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _running = Task.WhenAll(Enumerable.Range(0, Clients).Select(seed => Task.Run(() => ClientAsync(seed), CancellationToken.None)));
    }

    /// <summary>Requests that were not answered, or not by "200 OK".</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>A client with kept-alive connections that goes to the server itself, whatever proxy is set up.</summary>
    public static HttpClient NewClient(Uri server)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        return new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Waits for the answers under way, and ends.</summary>
    public Task StopAsync()
    {
        _stop.Cancel();
        return _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _client.Dispose();
    }

    private async Task ClientAsync(int seed)
    {
        Random random = new(seed);
        while (!_stop.IsCancellationRequested)
        {
            using HttpRequestMessage request = Next(random);
            try
            {
                using HttpResponseMessage response = await _client.SendAsync(request, CancellationToken.None);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref _failed);
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }

    private static HttpRequestMessage Next(Random random)
    {
        int key = random.Next(DemoStore.Keys);
        return random.Next(10) switch
        {
            < 4 => Get("/compute"),
            < 6 => Get($"/items/{key}"),
            < 8 => new HttpRequestMessage(HttpMethod.Post, Path($"/items/{key}")),
            _ => Get($"/pages/{key}"),
        };

        static HttpRequestMessage Get(string path) => new(HttpMethod.Get, Path(path));
        static Uri Path(string path) => new(path, UriKind.Relative);
    }
}
