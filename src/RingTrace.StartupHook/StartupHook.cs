using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using RingTrace.Bridges;
using RingTrace.StartupHook;

/// <summary>
/// Called by the runtime, by this name: before Main (<c>DOTNET_STARTUP_HOOKS</c>), or at any time by way of the
/// diagnostics port. It never throws, and says what became of it.
/// </summary>
/// <remarks>
/// An assembly of its own, for it must be able to run before anything of the recorder can be found: the folder that
/// it lies in holds all the rest, and nobody else looks there.
/// </remarks>
internal static class StartupHook
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);
    private static readonly string[] Brought = ["RingTrace", "RingTrace.Buffers", "RingTrace.Bridges"];

    public static void Initialize()
    {
        try
        {
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
                AssemblyLoadContext.Default.Resolving += (context, name) => Resolve(context, name, folder);
                refusal = StartRecorder();
            }

            Say(refusal);
        }
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Say(e.Message);
        }
    }

    /// <summary>Not inlined: only when it is called may the runtime look for what it names.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? StartRecorder() => HookedRecorder.Start();

    /// <summary>A program that brings its own RingTrace gets that, and if it is another version, nothing.</summary>
    private static string? FindOther(string folder)
    {
        string[] platform = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator);
        foreach (string name in Brought)
        {
            string file = name + ".dll";
            if (platform.FirstOrDefault(path => Path.GetFileName(path) == file) is { } theirs
                && AssemblyName.GetAssemblyName(theirs).Version != AssemblyName.GetAssemblyName(Path.Combine(folder, file)).Version)
            {
                return $"it brings another version of RingTrace ({theirs}): start a FlightRecorder in its own code";
            }
        }

        return null;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name, string folder) =>
        Brought.Contains(name.Name) ? context.LoadFromAssemblyPath(Path.Combine(folder, name.Name + ".dll")) : null;

    private static void Say(string? refusal)
    {
        HookSource.Log.Outcome(refusal ?? "");
        if (refusal is not null)
        {
            Console.Error.WriteLine("ringtrace: not recording: " + refusal.ReplaceLineEndings(" "));
        }
    }
}
