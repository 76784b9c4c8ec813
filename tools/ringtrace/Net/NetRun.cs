using System.Runtime.ExceptionServices;
using RingTrace.Packets;
using RingTrace.Pipeline;
using RingTrace.Pipeline.Statistics;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary>Runs a pipeline until its end, damage or ^C, and says so as <see cref="NetInput"/> does.</summary>
internal static class NetRun
{
    /// <summary>How long who waits for progress, for packets that drip through a pipe, or for ^C to be obeyed, may wait.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether it is about the events of rings, and no capture.</summary>
    public static bool IsOfRings(string uri) => uri.StartsWith("ringtrace:", StringComparison.Ordinal);

    /// <summary>Runs until the end, ^C or nobody reads any more, which are all good ends, and tells what was lost.</summary>
    /// <param name="pipeline">Not started.</param>
    /// <param name="cancel">^C.</param>
    /// <returns>The exit code.</returns>
    public static int UntilEnough<T>(Pipeline<T> pipeline, CancellationToken cancel)
    {
        try
        {
            ToItsEnd(pipeline, static () => { }, cancel);
        }
        catch (OperationCanceledException)
        {
            // Live, there is no other end.
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            // Who reads has seen enough.
        }
        finally
        {
            LossesOf(pipeline.Statistics).Warn();
        }

        return ExitCodes.Done;
    }

    private static Losses LossesOf(PipelineStatistics statistics)
    {
        Losses losses = Losses.Of(statistics.LostBy);
        losses.Add("dropped", (ulong)statistics.Dropped - statistics.LostBy.Values.Aggregate(0ul, (sum, lost) => sum + lost));
        losses.Add("missing", (ulong)statistics.Missing);
        losses.Add("overwritten_packets", (ulong)statistics.Overwritten);
        losses.Add("left_out_bytes", (ulong)statistics.LeftOutBytes);
        return losses;
    }

    /// <summary>Waits for the end. What was read is worked on and reported in any case.</summary>
    /// <param name="pipeline">Not started.</param>
    /// <param name="visit">Called again and again by this thread meanwhile.</param>
    /// <param name="cancel">^C.</param>
    /// <exception cref="OperationCanceledException">^C.</exception>
    /// <exception cref="CaptureException">The source is damaged, or what a callback has thrown: that, and not the pipeline's own.</exception>
    public static void ToItsEnd<T>(Pipeline<T> pipeline, Action visit, CancellationToken cancel)
    {
        pipeline.Start();
        try
        {
            while (!pipeline.Wait(Period))
            {
                visit();
                if (cancel.IsCancellationRequested)
                {
                    pipeline.Stop();
                }
            }
        }
        catch (PipelineException e) when (e.InnerException is CaptureException && cancel.IsCancellationRequested)
        {
            // The end of a pipe inside a record was ^C's doing.
        }
        catch (PipelineException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        cancel.ThrowIfCancellationRequested();
    }
}

/// <summary>Where a command's results come together.</summary>
/// <param name="report">Takes each result, in the order of the packets.</param>
/// <param name="visited">Called about ten times a second, for who reads along; null: nothing.</param>
/// <param name="isEnough">Asked behind each result: whether the rest may be left; null: never.</param>
internal sealed class NetReporter<T>(ResultHandler<T> report, Action? visited, Func<bool>? isEnough) : Reporter<T>
{
    private bool _isEnough;

    /// <summary>Whether it was what is called from here that ended the pipeline.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What to do when it is enough.</summary>
    public Action Stop { get; set; } = static () => { };

    public override void OnResult(in Result<T> result)
    {
        HasFailed = true;
        report(in result);
        HasFailed = false;
        if (isEnough is not null && !_isEnough && isEnough())
        {
            _isEnough = true;
            Stop();
        }
    }

    public override void OnMessage(object message)
    {
        HasFailed = true;
        visited?.Invoke();
        HasFailed = false;
    }
}
