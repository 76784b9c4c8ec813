using System.Runtime.ExceptionServices;

namespace RingTrace;

/// <summary>One caller's wish.</summary>
/// <param name="Path">Absolute path of the directory to make.</param>
/// <param name="Last">How far back; null for all.</param>
/// <param name="Reason">Why.</param>
/// <param name="Cancel">Stops it between rings.</param>
internal sealed record SnapshotRequest(string Path, TimeSpan? Last, string Reason, CancellationToken Cancel = default);

/// <summary>
/// One snapshot at a time. Who asks while one is being written waits, and then one snapshot serves all that wait:
/// it begins after each of their calls, so it holds what each of them wants to see.
/// </summary>
internal sealed class SnapshotQueue
{
    /// <summary>Of callers who share a snapshot; it tells the reasons of so many.</summary>
    private const int MaxReasons = 10;

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly List<Caller> _waiting = [];
    private bool _closed;

    private sealed class Caller(SnapshotRequest request)
    {
        public SnapshotRequest Request => request;

        public SnapshotResult? Result { get; set; }

        public Exception? Error { get; set; }
    }

    /// <exception cref="InvalidOperationException">The queue is closed.</exception>
    public SnapshotResult Take(SnapshotRequest request, Func<SnapshotRequest, SnapshotResult> write)
    {
        Caller me = new(request);
        lock (_gate)
        {
            if (_closed)
            {
                throw new InvalidOperationException("The recorder is disposed.");
            }

            _waiting.Add(me);
        }

        lock (_writing)
        {
            if (me.Result is null && me.Error is null)
            {
                Serve(TakeGroup(request.Last), write);
            }
        }

        if (me.Error is not null)
        {
            ExceptionDispatchInfo.Throw(me.Error);
        }

        return me.Result!;
    }

    /// <summary>Refuses what comes, and waits for who is there.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        while (true)
        {
            lock (_writing)
            {
                lock (_gate)
                {
                    if (_waiting.Count == 0)
                    {
                        return;
                    }
                }
            }

            Thread.Yield();
        }
    }

    private List<Caller> TakeGroup(TimeSpan? last)
    {
        lock (_gate)
        {
            List<Caller> group = _waiting.FindAll(caller => caller.Request.Last == last);
            _waiting.RemoveAll(group.Contains);
            return group;
        }
    }

    private static void Serve(List<Caller> group, Func<SnapshotRequest, SnapshotResult> write)
    {
        SnapshotResult? written = null;
        string reason = string.Join("; ", group.Select(caller => caller.Request.Reason).Distinct().Take(MaxReasons));
        foreach (Caller caller in group)
        {
            try
            {
                caller.Result = written is null ? write(caller.Request with { Reason = reason }) : Share(written, caller.Request);
                written ??= caller.Result;
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to that caller, who rethrows it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                caller.Error = e;
            }
        }
    }

    private static SnapshotResult Share(SnapshotResult written, SnapshotRequest request)
    {
        TraceDirectory.Create(request.Path, directory =>
        {
            foreach (string file in Directory.EnumerateFiles(written.Path))
            {
                File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
            }
        });

        return written with { Path = request.Path };
    }
}
