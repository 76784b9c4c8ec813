using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Filters;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary>A filter as it was typed; compiled when the capture, or its first packet, shows what packets begin with.</summary>
internal sealed class ExpressionFilter(string expression)
{
    private PacketFilter? _filter;

    public static Option<string> Option() => new("--filter", "-f")
    {
        Description = "Only packets that this BPF expression takes, as tcpdump has them: 'tcp port 80'",
        HelpName = "EXPR",
    };

    /// <summary>The filter that was asked for; null for none.</summary>
    /// <exception cref="UsageException">It would say nothing of what is to be read.</exception>
    public static ExpressionFilter? Of(ParseResult parsed, Option<string> option, params IEnumerable<string> uris)
    {
        if (parsed.GetValue(option) is not { } expression)
        {
            return null;
        }

        return uris.FirstOrDefault(NetRun.IsOfRings) is { } rings
            ? throw new UsageException($"{option.Name} is about packets, and {rings} has events, which no such expression says anything of.")
            : new ExpressionFilter(expression);
    }

    /// <summary>Compiles it for a capture whose head says what packets begin with, so that it need not have any for an error to be told.</summary>
    /// <exception cref="UsageException">The expression is none, or says nothing about such packets.</exception>
    public void Begin(CaptureReader reader)
    {
        if (reader.Interfaces is [{ LinkType: var link }, ..])
        {
            try
            {
                _filter ??= PacketFilter.Compile(expression, link);
            }
            catch (FilterException e)
            {
                throw new UsageException(e.Message);
            }
        }
    }

    /// <summary>Whether the filter takes the packet; of meta records, none.</summary>
    /// <exception cref="UsageException">The expression is none, or says nothing about such packets.</exception>
    public bool Takes(in Packet packet)
    {
        if (packet.Kind == PacketKind.Meta)
        {
            return false;
        }

        try
        {
            return (_filter ??= PacketFilter.Compile(expression, packet.LinkType)).Matches(packet);
        }
        catch (FilterException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
