// A small service that knows nothing of RingTrace. Shown with `ringtrace attach PID` and `ringtrace run -- dotnet WebShop.dll`.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
WebApplication app = builder.Build();

app.MapGet("/order", (int id, ILogger<Program> log) =>
{
    log.LogInformation("Order {Id} placed", id);
    return $"order {id}\n";
});

app.MapGet("/fail", string () => throw new InvalidOperationException("the till is empty"));

app.MapGet("/gc", () =>
{
    GC.Collect();
    return "collected\n";
});

await app.StartAsync();
Console.WriteLine($"ready {Environment.ProcessId} {app.Urls.First()}");
await app.WaitForShutdownAsync();
