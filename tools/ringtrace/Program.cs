using System.CommandLine;
using RingTrace.Tool.Commands;
using RingTrace.Tool.Output;
using NetCommand = RingTrace.Tool.Net.NetCommand;

RootCommand root = new("An always-on flight recorder for .NET: take traces from processes, running or dead, and look at them.")
{
    DemoCommand.Create(),
    PsCommand.Create(),
    SnapshotCommand.Create(),
    RecordCommand.Create(),
    RecoverCommand.Create(),
    ControlCommands.CreateEnable(),
    ControlCommands.CreateDisable(),
    CleanCommand.Create(),
    TopCommand.Create(),
    TailCommand.Create(),
    ViewCommand.Create(),
    StatsCommand.Create(),
    ConvertCommand.Create(),
    DiffCommand.Create(),
    MergeCommand.Create(),
    AttachCommand.Create(),
    RunCommand.Create(),
    NetCommand.Create(),
};
return await ExitCodes.RunAsync(root, args);
