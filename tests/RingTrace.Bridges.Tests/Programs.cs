using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace RingTrace.Bridges.Tests;

/// <summary>Programs that the tests run, with rings in a folder of the test's own.</summary>
internal sealed class Programs : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly List<Process> _started = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("ringtrace-bridges-").FullName;

    public string Rings => Path.Combine(Folder, "rings");

    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>A program beside the tests.</summary>
    public static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    public Process Start(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RINGTRACE_DIR"] = Rings;
        start.Environment["RINGTRACE_MEMORY"] = "8M";
        start.Environment.Remove("RINGTRACE_DISABLED");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    /// <summary>Runs the tool to its end.</summary>
    public (int ExitCode, string Output, string Error) Tool(params string[] arguments)
    {
        Process tool = Start(Dotnet, ["exec", Beside("RingTrace.Tool.dll"), .. arguments]);
        Task<string> error = tool.StandardError.ReadToEndAsync();
        string output = tool.StandardOutput.ReadToEnd();
        Assert.True(tool.WaitForExit(Timeout), "the tool does not end");
        return (tool.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>The sample service, ready for requests.</summary>
    public WebShop StartShop(params (string Name, string Value)[] environment) =>
        WebShop.Ready(Start(Dotnet, ["exec", Beside("WebShop.dll")], environment));

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>The sample service.</summary>
internal sealed record WebShop(Process Process, Uri Address)
{
    private static readonly HttpClient Client = new();

    public int Id => Process.Id;

    public static WebShop Ready(Process process)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Split(' ') is ["ready", _, string address])
            {
                // What it logs from now on must not fill its pipe.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return new WebShop(process, new Uri(address));
            }
        }

        throw new InvalidOperationException("The service does not start: " + process.StandardError.ReadToEnd());
    }

    public async Task<int> Get(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(new Uri(Address, path), TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
