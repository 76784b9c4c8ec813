using System.CommandLine;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline;
using RingTrace.Pipeline.Hashing;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary>A capture that is read from beginning to end, with progress, until ^C.</summary>
internal sealed class NetInput : IDisposable
{
    private const string FileDescription =
        "A capture; '-' is standard input; one whose format its first bytes don't tell as legacyeth:FILE; a network interface as int:eth0";

    private const string RingsDescription = "; or events as ringtrace:PID, ringtrace:FILE.ring, ringtrace:TRACE";

    /// <summary>What is said of work that ^C ended.</summary>
    public const string Interrupted = "interrupted";

    private readonly Progress? _progress;
    private readonly CancellationToken _cancel;

    /// <param name="uri">As <see cref="CaptureReader.Open(string)"/> takes it.</param>
    /// <param name="what">What goes on: <c>counting</c>; null when that shows anyway.</param>
    /// <param name="cancel">^C.</param>
    /// <exception cref="CaptureException">It can't be opened.</exception>
    public NetInput(string uri, string? what, CancellationToken cancel)
    {
        _cancel = cancel;
        Reader = Open(uri, cancel);
        _progress = what is null ? null : new Progress($"{what} {Reader.Name}", total: 0);
    }

    public CaptureReader Reader { get; }

    /// <summary>One file, in one of the formats.</summary>
    public static Argument<string> File() => OptionValues.OfPaths(new Argument<string>("FILE") { Description = FileDescription });

    /// <summary>At least one file.</summary>
    public static Argument<string[]> Files() => OptionValues.OfPaths(
        new Argument<string[]>("FILE") { Description = FileDescription, Arity = ArgumentArity.OneOrMore });

    /// <summary>What a pipeline takes: several are one timeline.</summary>
    public static Argument<string[]> Sources() => OptionValues.OfPaths(
        new Argument<string[]>("URI") { Description = FileDescription + RingsDescription, Arity = ArgumentArity.OneOrMore });

    /// <summary>Refuses rings, where packets alone will do.</summary>
    /// <exception cref="UsageException">There are some.</exception>
    public static void ThrowIfOfRings(params IEnumerable<string> uris)
    {
        if (uris.FirstOrDefault(NetRun.IsOfRings) is { } rings)
        {
            throw new UsageException($"{rings} has events, and no packets: 'ringtrace net count' and 'ringtrace net rtstats' take it.");
        }
    }

    /// <summary>Opens a capture, until ^C even if it waits for a pipe.</summary>
    /// <exception cref="CaptureException">It can't be opened.</exception>
    /// <exception cref="OperationCanceledException">^C.</exception>
    /// <exception cref="UsageException">It is no capture: rings.</exception>
    public static CaptureReader Open(string uri, CancellationToken cancel)
    {
        ThrowIfOfRings(uri);
        try
        {
            return CaptureReader.OpenCancellable(uri, cancel);
        }
        catch (CaptureException) when (cancel.IsCancellationRequested)
        {
            // The end of a pipe was ^C's doing.
            throw new OperationCanceledException(cancel);
        }
    }

    /// <summary>Whether it has no other end than ^C, which is a good one then.</summary>
    public static bool IsEndless(CaptureReader reader) => reader.Format == CaptureFormat.Interface;

    /// <summary>Closes what <see cref="Open"/> has opened, and tells what an interface has lost.</summary>
    public static void Close(CaptureReader reader)
    {
        reader.Dispose();
        if (IsEndless(reader))
        {
            Losses losses = new();
            losses.Add("dropped", (ulong)reader.Lost);
            losses.Warn();
        }
    }

    /// <summary>The next packets, as <see cref="CaptureReader.TryReadBatch"/> has them.</summary>
    /// <exception cref="OperationCanceledException">^C.</exception>
    public bool TryReadBatch(PacketBatch batch)
    {
        ThrowIfInterrupted();
        _progress?.Report(Reader.Offset);
        try
        {
            if (Reader.TryReadBatch(batch))
            {
                return true;
            }
        }
        catch (CaptureException) when (_cancel.IsCancellationRequested)
        {
            // As below, inside a record.
        }

        // A pipe's end may be ^C's doing.
        ThrowIfInterrupted();
        return false;
    }

    /// <summary>Hands on each record, until the end of the capture, damage or ^C.</summary>
    /// <param name="visit">Of each record.</param>
    /// <param name="visited">After those that were there without waiting, for who reads along; null: nothing.</param>
    /// <returns>What ended it too early; null when nothing did. What <paramref name="visit"/> throws is not caught.</returns>
    public string? VisitAll(PacketVisitor visit, Action? visited = null)
    {
        using PacketBatch batch = new();
        while (true)
        {
            try
            {
                if (!TryReadBatch(batch))
                {
                    return null;
                }
            }
            catch (CaptureException e)
            {
                return e.Message;
            }
            catch (OperationCanceledException)
            {
                return Interrupted;
            }

            for (int i = 0; i < batch.Count; i++)
            {
                visit(batch[i]);
            }

            visited?.Invoke();
        }
    }

    /// <summary>Has several threads work on the capture; results come in the order of the packets.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="processor">Makes one for each thread.</param>
    /// <param name="report">Takes each result.</param>
    /// <param name="visited">Called about ten times a second between results, for who reads along; null: nothing.</param>
    /// <param name="hasher">Which thread a packet goes to; null: any.</param>
    /// <param name="isEnough">Asked behind each result: whether the rest may be left; null: never.</param>
    /// <returns>As of <see cref="VisitAll"/>; what the processors and <paramref name="report"/> throw is not caught.</returns>
    public string? WorkOn<T>(
        int threads, Func<PacketProcessor<T>> processor, ResultHandler<T> report, Action? visited = null,
        Hasher? hasher = null, Func<bool>? isEnough = null)
    {
        NetReporter<T> reporter = new(report, visited, isEnough);
        using Pipeline<T> pipeline = PacketPipeline.Open(Reader).WithThreads(threads).HashedBy(hasher)
            .Process(processor).Ordered().Report(reporter);
        reporter.Stop = pipeline.Stop;
        try
        {
            NetRun.ToItsEnd(pipeline, () =>
            {
                _progress?.Report(Reader.Offset);
                pipeline.PostToReporter(this);
            }, _cancel);
            return null;
        }
        catch (CaptureException e) when (!reporter.HasFailed)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return IsEndless(Reader) ? null : Interrupted;
        }
    }

    /// <summary>Throws what <see cref="WorkOn"/> has caught.</summary>
    /// <param name="end">What ended it too early; null when nothing did.</param>
    /// <exception cref="CaptureException">Damage.</exception>
    /// <exception cref="OperationCanceledException">^C.</exception>
    public void ThrowIfEarly(string? end)
    {
        if (end is not null)
        {
            throw end == Interrupted ? new OperationCanceledException(_cancel) : new CaptureException(end);
        }
    }

    public void Dispose()
    {
        _progress?.Dispose();
        Close(Reader);
    }

    private void ThrowIfInterrupted()
    {
        if (!IsEndless(Reader))
        {
            _cancel.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>What is done with a record.</summary>
internal delegate void PacketVisitor(in Packet packet);
