using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Pipeline.Sinks;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary><c>ringtrace net record</c>: packets into rings, the oldest overwritten, and out of them as a trace at the end.</summary>
internal static class RecordCommand
{
    private const long UsualMemory = 64 << 20;

    public static Command Create()
    {
        Argument<string> input = NetInput.File();
        Option<string> output = new("--output", "-o")
        {
            Description = "The trace's directory, written at the end or ^C with what the rings hold then; must not exist",
            HelpName = "DIR",
            Required = true,
        };
        Option<long?> memory = new("--memory")
        {
            Description = "How much is kept: bytes, with K, M or G (default: 64M)",
            HelpName = "BYTES",
            CustomParser = OptionValues.Size,
        };
        Option<string> filter = ExpressionFilter.Option();
        Option<bool> json = new("--json") { Description = "The result as one JSON object" };
        Option<bool> strict = new("--strict") { Description = "Any loss is exit code 1" };
        Command command = new("record", "Keep the last packets in rings, which outlive the process; ringtrace convert makes a capture of them")
        {
            input, output, memory, filter, json, strict,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string path = Path.GetFullPath(parsed.GetRequiredValue(output));
            if (Path.Exists(path))
            {
                throw new UsageException($"{path} is there already: name another directory.");
            }

            ExpressionFilter? chosen = ExpressionFilter.Of(parsed, filter, parsed.GetRequiredValue(input));
            using NetInput capture = new(parsed.GetRequiredValue(input), "recording", cancel);
            chosen?.Begin(capture.Reader);
            using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
            {
                Name = "net-record",
                MemoryBytes = parsed.GetValue(memory) ?? UsualMemory,
                BindAllProviders = false,
            });
            recorder.Add(PacketRing.Provider);
            long packets = 0, cut = 0;
            string? error = capture.VisitAll((in Packet packet) =>
            {
                if (packet.Kind == PacketKind.Packet && (chosen is null || chosen.Takes(packet)))
                {
                    packets++;
                    cut += PacketRing.Record(in packet, capture.Reader.Interfaces[packet.Interface].Name) ? 0 : 1;
                }
            });
            return Tell(recorder.Snapshot(path, reason: "net record"), packets, cut, error, parsed.GetValue(json), parsed.GetValue(strict));
        });
        return command;
    }

    private static int Tell(SnapshotResult snapshot, long packets, long cut, string? error, bool json, bool strict)
    {
        ulong overwritten = snapshot.Streams.Aggregate(0UL, (sum, stream) => sum + stream.OverwrittenPackets);
        Losses losses = Losses.Of(snapshot.Lost);
        if (json)
        {
            ToolJson.Write(new PacketsRecordedJson(snapshot.Path, packets, cut, snapshot.Bytes, overwritten, losses.Causes, error));
        }
        else
        {
            ExitCodes.Tell($"{snapshot.Path}: {Units.Count(packets)} packets recorded, {Units.Bytes(snapshot.Bytes)} kept"
                + (overwritten > 0 ? $", {Units.Count(overwritten)} sub-buffers of older ones overwritten" : "")
                + (cut > 0 ? $"; {Units.Count(cut)} packets are cut to {Units.Bytes(PacketRing.MostDataBytes)}" : "") + $"; lost: {losses}");
        }

        if (error is not null and not NetInput.Interrupted)
        {
            ExitCodes.Say(error);
            return ExitCodes.Failed;
        }

        return losses.ExitCode(strict);
    }
}

/// <summary>What <c>net record --json</c> prints; its names are a contract.</summary>
/// <param name="Path">The trace's directory.</param>
/// <param name="Packets">Packets that were recorded, those that were overwritten since too.</param>
/// <param name="Cut">Of these: packets whose data was cut.</param>
/// <param name="Bytes">What is kept.</param>
/// <param name="OverwrittenSubBuffers">What made room for it.</param>
/// <param name="Lost">Packets that were not recorded, by cause.</param>
/// <param name="Error">Why not all was read; null when all was.</param>
internal sealed record PacketsRecordedJson(
    string Path, long Packets, long Cut, long Bytes, ulong OverwrittenSubBuffers, IReadOnlyDictionary<string, ulong> Lost, string? Error);
