using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace RingTrace.Tool.Demo;

/// <summary>A request that took longer than it may.</summary>
/// <param name="Id">The id in its events.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record SlowRequest(long Id, TimeSpan Duration);

/// <summary>
/// A web service on a loopback port, instrumented by <see cref="DemoEvents"/>: <c>/compute</c> hashes, <c>/items/KEY</c>
/// reads (GET) or writes (POST) a store, <c>/pages/KEY</c> asks the service itself for an item over HTTP.
/// </summary>
internal sealed class DemoServer : IAsyncDisposable
{
    /// <summary>What a request may take.</summary>
    public static readonly TimeSpan SlowThreshold = TimeSpan.FromMilliseconds(250);

    /// <summary>What the request takes that is made slow: well above the threshold.</summary>
    private static readonly TimeSpan SlowWork = TimeSpan.FromMilliseconds(400);

    private const int Rounds = 50;
    private const int SlowRounds = 20_000;

    private readonly WebApplication _app;
    private readonly DemoStore _store = new();
    private readonly TaskCompletionSource<SlowRequest> _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient _self = new();
    private long _lastId;
    private long _served;
    private int _slowWanted;
    private volatile bool _armed;

    private DemoServer()
    {
        // The empty builder: no settings files or variables of where it happens to run, and no logging.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Requests answered, its own included.</summary>
    public long Served => Volatile.Read(ref _served);

    /// <summary>The first request since <see cref="MakeOneSlow"/> that took too long. Done after its end was recorded.</summary>
    public Task<SlowRequest> FirstSlow => _slow.Task;

    public static async Task<DemoServer> StartAsync(CancellationToken cancel)
    {
        DemoServer server = new();
        try
        {
            await server._app.StartAsync(cancel);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        IServerAddressesFeature addresses = server._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!;
        server.Address = new Uri(addresses.Addresses.First());
        server._self.Dispose();
        server._self = DemoLoad.NewClient(server.Address);
        return server;
    }

    /// <summary>Gives the next computation far too much to do, and from now on looks for slow requests.</summary>
    public void MakeOneSlow()
    {
        _armed = true;
        Volatile.Write(ref _slowWanted, 1);
    }

    /// <summary>Waits for the requests under way, so that their ends are recorded, and ends.</summary>
    public Task StopAsync(CancellationToken cancel) => _app.StopAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _self.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        long id = Interlocked.Increment(ref _lastId);
        long start = Stopwatch.GetTimestamp();
        TimeSpan duration;
        DetachedSpan span = DemoEvents.Request(id, context.Request.Method, context.Request.Path.Value ?? "").Detach();
        try
        {
            await AnswerAsync(context, id);
        }
        finally
        {
            duration = Stopwatch.GetElapsedTime(start);
            span.Dispose();
            Interlocked.Increment(ref _served);
        }

        if (_armed && duration > SlowThreshold)
        {
            DemoEvents.SlowRequest(id, duration.TotalMilliseconds);
            _slow.TrySetResult(new SlowRequest(id, duration));
        }
    }

    private async Task AnswerAsync(HttpContext context, long id)
    {
        PathString path = context.Request.Path;
        string? answer = null;
        if (path == "/compute")
        {
            answer = Compute(id);
        }
        else if (path.StartsWithSegments("/items", out PathString rest) && KeyOf(rest) is { } item)
        {
            answer = HttpMethods.IsPost(context.Request.Method) ? Write(id, item) : _store.Read(id, item) ?? "none yet";
        }
        else if (path.StartsWithSegments("/pages", out rest) && KeyOf(rest) is { } page)
        {
            answer = await CallAsync(id, $"/items/{page}", context.RequestAborted);
        }

        context.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        answer ??= "no such page";
        DemoEvents.Response(id, context.Response.StatusCode, answer.Length);
        context.Response.ContentLength = answer.Length;
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private string Compute(long id)
    {
        using TraceSpan span = DemoEvents.Compute(id);
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(block, id);
        if (Interlocked.Exchange(ref _slowWanted, 0) == 0)
        {
            Hash(id, block, Rounds);
        }
        else
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < SlowWork)
            {
                Hash(id, block, SlowRounds);
            }
        }

        return Convert.ToHexStringLower(block);
    }

    private static void Hash(long id, Span<byte> block, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            SHA256.HashData(block, block);
        }

        DemoEvents.Hashed(id, rounds, BinaryPrimitives.ReadUInt32LittleEndian(block));
    }

    private string Write(long id, int key)
    {
        string item = string.Create(CultureInfo.InvariantCulture, $"item {key}, written by request {id}");
        _store.Write(id, key, item);
        return item;
    }

    private async Task<string> CallAsync(long id, string path, CancellationToken cancel)
    {
        using DetachedSpan span = DemoEvents.Call(id, path).Detach();
        using HttpResponseMessage response = await _self.GetAsync(new Uri(path, UriKind.Relative), cancel);
        string answer = await response.Content.ReadAsStringAsync(cancel);
        DemoEvents.Answered(id, (int)response.StatusCode, answer.Length);
        return "page with " + answer;
    }

    private static int? KeyOf(PathString rest) =>
        int.TryParse(rest.Value.AsSpan().TrimStart('/'), NumberStyles.None, CultureInfo.InvariantCulture, out int key)
        && key < DemoStore.Keys ? key : null;
}
