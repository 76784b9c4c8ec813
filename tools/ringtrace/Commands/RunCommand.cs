using System.CommandLine;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using RingTrace.Tool.Processes;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace run</c>: a program that is recorded from its start.</summary>
internal static class RunCommand
{
    private const string Hooks = "DOTNET_STARTUP_HOOKS";

    public static Command Create()
    {
        Argument<string[]> program = new("CMD")
        {
            Description = "The program and its arguments, behind --",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> directory = new("--dir") { Description = "Where its rings go (RINGTRACE_DIR)", HelpName = "DIR" };
        Option<long?> memory = new("--memory")
        {
            Description = "What its rings take, such as 16M (RINGTRACE_MEMORY)",
            HelpName = "SIZE",
            CustomParser = OptionValues.Size,
        };
        Command command = new(
            "run", "Run a program with a recorder in it, and in every .NET program that it starts: ringtrace run -- dotnet shop.dll")
        {
            directory, memory, program,
        };
        command.SetAction(parsed =>
        {
            string hook = Attacher.HookPath;
            if (!File.Exists(hook))
            {
                throw new FileNotFoundException($"{hook} is missing: it belongs beside the tool.");
            }

            if (hook.Contains(Path.PathSeparator))
            {
                throw new IOException($"{hook} can't be named in {Hooks}, whose paths are divided by '{Path.PathSeparator}': put the tool elsewhere.");
            }

            string[] others = (Environment.GetEnvironmentVariable(Hooks) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
            Dictionary<string, string> variables = new() { [Hooks] = string.Join(Path.PathSeparator, others.Append(hook).Distinct()) };
            if (parsed.GetValue(directory) is { } place)
            {
                variables["RINGTRACE_DIR"] = place.Length > 0 ? Path.GetFullPath(place) : throw new UsageException("--dir names no directory.");
            }

            if (parsed.GetValue(memory) is { } size)
            {
                variables["RINGTRACE_MEMORY"] = size > 0
                    ? size.ToString(CultureInfo.InvariantCulture) : throw new UsageException("--memory must be more than 0.");
            }

            Exec.Become(parsed.GetRequiredValue(program), variables);
        });
        return command;
    }
}
