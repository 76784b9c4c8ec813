using System.CommandLine;
using RingTrace.Tool.Commands;
using RingTrace.Tool.Output;

RootCommand root = new("An always-on flight recorder for .NET: try it, and look at its traces.")
{
    DemoCommand.Create(),
    ViewCommand.Create(),
    StatsCommand.Create(),
    ConvertCommand.Create(),
    DiffCommand.Create(),
    AttachCommand.Create(),
    RunCommand.Create(),
};
return await ExitCodes.RunAsync(root, args);
