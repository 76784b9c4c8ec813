using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using RingTrace.StartupHook;

/// <summary>
/// Called by the runtime, by this name: before Main (<c>DOTNET_STARTUP_HOOKS</c>), or at any time by way of the
/// diagnostics port. It never throws, and says what became of it.
/// </summary>
/// <remarks>
/// It must load in any .NET program, for an exception here ends the program: hence it knows nothing newer than .NET
/// Standard, and the recorder by name alone. The folder that it lies in holds all the rest, and nobody else looks there.
/// </remarks>
internal static class StartupHook
{
    private const int OldestRuntime = 10;
    private const string Bridges = "RingTrace.Bridges";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);
    private static readonly string[] Brought = ["RingTrace", "RingTrace.Buffers", Bridges];

    public static void Initialize()
    {
        try
        {
            if (Environment.Version.Major < OldestRuntime)
            {
                Say($"its runtime is {RuntimeInformation.FrameworkDescription}: it needs .NET {OldestRuntime}");
                return;
            }

            Thread starter = new(Start) { IsBackground = true, Name = "ringtrace start" };
            starter.Start();
            string hooks = Environment.GetEnvironmentVariable("DOTNET_STARTUP_HOOKS") ?? "";
            if (hooks.Split(Path.PathSeparator).Contains(typeof(StartupHook).Assembly.Location))
            {
                // Before Main: its first events shall be recorded. The diagnostics port's thread is not made to wait.
                starter.Join(StartPatience);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the service goes on without a recorder.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Say(e.Message);
        }
    }

    private static void Start()
    {
        try
        {
            string folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!;
            string? refusal = FindOther(folder);
            if (refusal is null)
            {
                AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) => Resolve(new AssemblyName(wanted.Name), folder);
                refusal = StartRecorder();
            }

            Say(refusal);
        }
#pragma warning disable CA1031 // An exception that leaves this thread ends the service.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Say(e.Message);
        }
    }

    private static string? StartRecorder()
    {
        MethodInfo start = Assembly.Load(Bridges).GetType("RingTrace.Bridges.HookedRecorder", throwOnError: true)!.GetMethod("Start")!;
        return ((Func<string?>)start.CreateDelegate(typeof(Func<string?>)))();
    }

    /// <summary>A program that brings its own RingTrace gets that, and if it is another build, nothing.</summary>
    private static string? FindOther(string folder)
    {
        string[] platform = (AppDomain.CurrentDomain.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator);
        foreach (string name in Brought)
        {
            string file = name + ".dll";
            if (platform.FirstOrDefault(path => Path.GetFileName(path) == file) is { } theirs
                && BuildOf(theirs) != BuildOf(Path.Combine(folder, file)))
            {
                return $"it brings another build of RingTrace ({theirs}): start a FlightRecorder in its own code";
            }
        }

        return null;
    }

    /// <summary>The informational version: with the commit, where the assembly's own stays the same for long.</summary>
    private static string? BuildOf(string file) => FileVersionInfo.GetVersionInfo(file).ProductVersion;

    private static Assembly? Resolve(AssemblyName name, string folder) =>
        Brought.Contains(name.Name) ? Assembly.LoadFrom(Path.Combine(folder, name.Name + ".dll")) : null;

    private static void Say(string? refusal)
    {
        try
        {
            HookSource.Log.Outcome(refusal ?? "");
            if (refusal is not null)
            {
                Console.Error.WriteLine("ringtrace: not recording: " + refusal.Replace('\r', ' ').Replace('\n', ' '));
            }
        }
#pragma warning disable CA1031 // What can't be said, on a full disk for one, is no reason to end the service.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
