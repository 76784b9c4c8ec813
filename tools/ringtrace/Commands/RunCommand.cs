using System.CommandLine;
using RingTrace.Attach;
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
        Option<string?> memory = new("--memory") { Description = "What its rings take, such as 16M (RINGTRACE_MEMORY)", HelpName = "SIZE" };
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

            string others = Environment.GetEnvironmentVariable(Hooks) ?? "";
            Dictionary<string, string> variables = new() { [Hooks] = others.Length > 0 ? $"{others}{Path.PathSeparator}{hook}" : hook };
            if (parsed.GetValue(directory) is { } place)
            {
                variables["RINGTRACE_DIR"] = Path.GetFullPath(place);
            }

            if (parsed.GetValue(memory) is { } size)
            {
                variables["RINGTRACE_MEMORY"] = size;
            }

            Exec.Become(parsed.GetRequiredValue(program), variables);
        });
        return command;
    }
}
