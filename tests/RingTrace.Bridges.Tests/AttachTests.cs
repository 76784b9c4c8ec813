using System.Diagnostics;
using RingTrace.Attach;
using Xunit;

namespace RingTrace.Bridges.Tests;

public sealed class AttachTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Programs _programs = new();
    private int _snapshots;

    [Fact]
    public async Task Collections_exceptions_requests_and_the_log_of_a_service_that_knows_nothing_are_in_a_snapshot_after_the_command()
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

        TestContext.Current.TestOutputHelper?.WriteLine($"attached after {attached}, in the snapshot after {since.Elapsed}");
        Assert.True(IsComplete(trace), string.Join('\n', trace));
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

    [Fact]
    public void Run_leaves_the_sockets_of_other_processes_where_they_are()
    {
        const string script = """
            mkdir "$TMPDIR/dotnet-diagnostic-$$-2-socket"; : > "$TMPDIR/dotnet-diagnostic-$$-1-socket"
            exec "$0" exec "$1" run -- sh -c 'echo $$; exec ls "$TMPDIR"'
            """;
        string place = Directory.CreateDirectory(Path.Combine(_programs.Folder, "tmp")).FullName;
        Process shell = _programs.Start("sh", ["-c", script, Programs.Dotnet, Programs.Beside("RingTrace.Tool.dll")], ("TMPDIR", place));
        string[] lines = shell.StandardOutput.ReadToEnd().Split('\n');
        Assert.Contains($"dotnet-diagnostic-{shell.Id}-1-socket", lines);
        Assert.Contains($"dotnet-diagnostic-{shell.Id}-2-socket", lines);
        Assert.Contains(Programs.Text(shell.Id), lines);
        Assert.Equal(2, lines.Count(line => line.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_inside_a_run_names_the_hook_once()
    {
        (_, string output, _) = _programs.Tool(
            "run", "--", Programs.Dotnet, "exec", Programs.Beside("RingTrace.Tool.dll"), "run", "--", "sh", "-c", "echo $DOTNET_STARTUP_HOOKS");
        Assert.Equal(Programs.Beside("hook/RingTrace.StartupHook.dll") + "\n", output);
    }

    [Theory]
    [InlineData("--memory", "much")]
    [InlineData("--memory", "0")]
    [InlineData("--dir", "")]
    public void What_run_is_given_is_checked_before_anything_runs(string option, string value)
    {
        (int exitCode, string output, string error) = _programs.Tool("run", option, value, "--", "echo", "ran");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(option, error, StringComparison.Ordinal);
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
        Assert.True(SpinWait.SpinUntil(
            () => DotnetProcesses.Find().Any(found => found.ProcessId == shop.Id && found is { IsAttachable: true, Name: "WebShop" }), Patience));

        Process sleep = _programs.Start("sleep", ["60"]);
        Assert.Contains("is not one of .NET", Refusal(sleep.Id), StringComparison.Ordinal);
        sleep.Kill();
        sleep.WaitForExit();
        Assert.Contains("There is no process", Refusal(sleep.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_recorded_as_far_as_the_services_own_filters_let_it()
    {
        WebShop shop = _programs.StartShop(("Logging__LogLevel__Default", "Error"));
        Attach(shop);
        Assert.Equal(200, await shop.Get("/order?id=777"));
        Assert.Equal(500, await shop.Get("/fail"));
        List<string> trace = Snapshot(shop);
        Assert.Contains(trace, line => line.StartsWith("log Log:Line", StringComparison.Ordinal) && line.Contains("Error", StringComparison.Ordinal));
        Assert.DoesNotContain(trace, line => line.Contains("Order 777 placed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_process_is_refused_without_being_asked()
    {
        WebShop shop = _programs.StartShop();
        using (Process stop = Process.Start("kill", ["-STOP", Programs.Text(shop.Id)]))
        {
            stop.WaitForExit();
        }

        Assert.Contains("it is stopped", Refusal(shop.Id), StringComparison.Ordinal);
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
        RecorderCommand disable = new(RecorderAction.Disable, "Log:*");
        AttachException none = Assert.Throws<AttachException>(() => DiagnosticsControl.Send(shop.Id, disable));
        Assert.Contains("No recorder", none.Message, StringComparison.Ordinal);
        Attach(shop);
        Assert.Equal(new RecorderAnswer(1, IsKept: true, Problem: null), DiagnosticsControl.Send(shop.Id, disable));
        Assert.Equal(0, DiagnosticsControl.Send(shop.Id, disable).Changed);
        await shop.Get("/order?id=12345");
        Assert.DoesNotContain(Snapshot(shop), line => line.Contains("Order 12345 placed", StringComparison.Ordinal));
        Assert.Equal(1, DiagnosticsControl.Send(shop.Id, new RecorderCommand(RecorderAction.Enable, "Log:*") { Level = TraceLevel.Info }).Changed);
        await shop.Get("/order?id=54321");
        Assert.Contains(Snapshot(shop), line => line.Contains("Order 54321 placed", StringComparison.Ordinal));

        AttachException refused = Assert.Throws<AttachException>(() => DiagnosticsControl.Snapshot(shop.Id, _programs.Folder));
        Assert.Contains(_programs.Folder, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _programs.Dispose();

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
