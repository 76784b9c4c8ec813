using System.Diagnostics;
using System.Globalization;
using RingTrace.Attach;
using Xunit;

namespace RingTrace.Bridges.Tests;

public sealed class AttachTests : IDisposable
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Programs _programs = new();
    private int _snapshots;

    [Fact]
    public async Task Collections_exceptions_requests_and_the_log_of_a_service_that_knows_nothing_are_in_a_snapshot_5_s_after_the_command()
    {
        WebShop shop = _programs.StartShop();
        Assert.Equal(200, await shop.Get("/order?id=1"));
        Stopwatch since = Stopwatch.StartNew();
        (int exitCode, string output, string error) = _programs.Tool("attach", Programs.Text(shop.Id), "--json");
        Assert.True(exitCode == 0, error);
        Assert.Contains($"\"pid\":{shop.Id}", output, StringComparison.Ordinal);
        TimeSpan attached = since.Elapsed;

        List<string> trace;
        do
        {
            Assert.Equal(200, await shop.Get("/order?id=4711"));
            Assert.Equal(500, await shop.Get("/fail"));
            Assert.Equal(200, await shop.Get("/gc"));
            trace = SnapshotFromOutside(shop);
        }
        while (!IsComplete(trace) && since.Elapsed < Patience);

        TimeSpan taken = since.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine($"attached after {attached}, in the snapshot after {taken}");
        Assert.True(IsComplete(trace), string.Join('\n', trace));
        if (!IsOverloaded())
        {
            Assert.InRange(taken, TimeSpan.Zero, Promise);
        }
    }

    [Fact]
    public void A_program_started_by_run_is_recorded_from_its_start_and_is_the_same_process()
    {
        Process tool = _programs.Start(
            Programs.Dotnet, ["exec", Programs.Beside("RingTrace.Tool.dll"), "run", "--", Programs.Dotnet, "exec", Programs.Beside("WebShop.dll")]);
        WebShop shop = WebShop.Ready(tool);
        Assert.Contains(Snapshot(shop), line =>
            line.StartsWith("log Log:Line", StringComparison.Ordinal) && line.Contains("Now listening on", StringComparison.Ordinal));
        using (Process kill = Process.Start("kill", ["-TERM", Programs.Text(shop.Id)]))
        {
            kill.WaitForExit();
        }

        tool.WaitForExit();
        Assert.Equal(0, tool.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_programs.Rings));
    }

    [Fact]
    public void Run_hands_over_arguments_and_exit_code_and_says_in_a_line_what_it_cannot_run()
    {
        Assert.Equal((3, "a b\n", ""), _programs.Tool("run", "--", "sh", "-c", "echo \"$1\"; exit 3", "sh", "a b"));
        (int exitCode, _, string error) = _programs.Tool("run", "--", "/no/such/program");
        Assert.Equal(1, exitCode);
        Assert.Equal("ringtrace: /no/such/program can't be run: No such file or directory.\n", error);
    }

    [Theory]
    [InlineData("DOTNET_EnableDiagnostics", "its diagnostics port is closed")]
    [InlineData("DOTNET_EnableDiagnostics_IPC", "its diagnostics port is closed")]
    public void A_process_without_a_diagnostics_port_is_refused_in_a_line(string variable, string why)
    {
        WebShop shop = _programs.StartShop((variable, "0"));
        Assert.Contains(why, Refusal(shop.Id), StringComparison.Ordinal);
        Assert.Contains(DotnetProcesses.Find(), found =>
            found.ProcessId == shop.Id && !found.IsAttachable && found.Refusal!.StartsWith(why, StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_whose_startup_hooks_are_switched_off_is_refused_in_a_line()
    {
        string config = Path.Combine(_programs.Folder, "off.runtimeconfig.json");
        File.WriteAllText(config, File.ReadAllText(Programs.Beside("WebShop.runtimeconfig.json")).Replace(
            "\"configProperties\": {", "\"configProperties\": { \"System.StartupHookProvider.IsSupported\": false,", StringComparison.Ordinal));
        WebShop shop = WebShop.Ready(_programs.Start(
            Programs.Dotnet, ["exec", "--runtimeconfig", config, Programs.Beside("WebShop.dll")]));
        Assert.Contains("hooks are switched off", Refusal(shop.Id), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_recorded_is_refused_in_a_line_and_goes_on()
    {
        WebShop shop = _programs.StartShop(("RINGTRACE_MEMORY", "much"));
        Assert.Contains("'much' is not a size", Refusal(shop.Id), StringComparison.Ordinal);
        Assert.False(shop.Process.HasExited);
        Assert.Contains(DotnetProcesses.Find(), found => found.ProcessId == shop.Id && found is { IsAttachable: true, Name: "WebShop" });

        Process sleep = _programs.Start("sleep", ["60"]);
        Assert.Contains("is not one of .NET", Refusal(sleep.Id), StringComparison.Ordinal);
        sleep.Kill();
        sleep.WaitForExit();
        Assert.Contains("There is no process", Refusal(sleep.Id), StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_has_one_recorder_however_often_it_is_attached_to()
    {
        WebShop shop = _programs.StartShop();
        Attach(shop);
        Assert.Contains("it has a recorder already", Refusal(shop.Id), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_programs.Rings, "*.ring"));
    }

    [Fact]
    public async Task The_diagnostics_port_enables_disables_and_says_what_goes_wrong()
    {
        WebShop shop = _programs.StartShop();
        Assert.Contains("No recorder", Assert.Throws<AttachException>(() => DiagnosticsControl.Disable(shop.Id, "*")).Message, StringComparison.Ordinal);
        Attach(shop);
        Assert.Equal(1, DiagnosticsControl.Disable(shop.Id, "Log:*"));
        Assert.Equal(0, DiagnosticsControl.Disable(shop.Id, "Log:*"));
        await shop.Get("/order?id=12345");
        Assert.DoesNotContain(Snapshot(shop), line => line.Contains("Order 12345 placed", StringComparison.Ordinal));
        Assert.Equal(1, DiagnosticsControl.Enable(shop.Id, "Log:*", TraceLevel.Info));
        await shop.Get("/order?id=54321");
        Assert.Contains(Snapshot(shop), line => line.Contains("Order 54321 placed", StringComparison.Ordinal));

        AttachException refused = Assert.Throws<AttachException>(() => DiagnosticsControl.Snapshot(shop.Id, _programs.Folder));
        Assert.Contains(_programs.Folder, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _programs.Dispose();

    /// <summary>More programs want to run than there are processors: what takes how long says nothing then.</summary>
    private static bool IsOverloaded() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) > Environment.ProcessorCount;

    private static bool IsComplete(List<string> trace) =>
        trace.Exists(line => line.StartsWith("activity Activity:Activity_begin", StringComparison.Ordinal)
            && line.Contains("Microsoft.AspNetCore.Hosting.HttpRequestIn", StringComparison.Ordinal))
        && trace.Exists(line => line.StartsWith("activity Activity:Activity_end", StringComparison.Ordinal))
        && trace.Exists(line => line.StartsWith("runtime Runtime:ExceptionThrown", StringComparison.Ordinal)
            && line.Contains("System.InvalidOperationException", StringComparison.Ordinal)
            && line.Contains("the till is empty", StringComparison.Ordinal))
        && trace.Exists(line => line.StartsWith("runtime Runtime:GcStart", StringComparison.Ordinal)
            && line.Contains("Induced", StringComparison.Ordinal))
        && trace.Exists(line => line.StartsWith("runtime Runtime:GcEnd", StringComparison.Ordinal))
        && trace.Exists(line => line.StartsWith("runtime Runtime:Pause", StringComparison.Ordinal))
        && trace.Exists(line => line.StartsWith("log Log:Line", StringComparison.Ordinal)
            && line.Contains("Order 4711 placed", StringComparison.Ordinal));

    private void Attach(WebShop shop)
    {
        (int exitCode, _, string error) = _programs.Tool("attach", Programs.Text(shop.Id));
        Assert.True(exitCode == 0, error);
    }

    private string Refusal(int pid)
    {
        (int exitCode, string output, string error) = _programs.Tool("attach", Programs.Text(pid));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal('\n', Assert.Single(error, c => c == '\n'));
        return error;
    }

    private List<string> SnapshotFromOutside(WebShop shop)
    {
        string path = Path.Combine(_programs.Folder, $"trace-{_snapshots++}");
        (int exitCode, _, string error) = _programs.Tool("snapshot", Programs.Text(shop.Id), "-o", path);
        Assert.True(exitCode == 0, error);
        return Trace.Read(path);
    }

    /// <summary>By the process itself.</summary>
    private List<string> Snapshot(WebShop shop)
    {
        string path = Path.Combine(_programs.Folder, $"trace-{_snapshots++}");
        DiagnosticsControl.Snapshot(shop.Id, path, TimeSpan.FromMinutes(1), "the test asks");
        return Trace.Read(path);
    }
}
