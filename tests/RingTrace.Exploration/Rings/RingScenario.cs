using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// A ring with writers and readers at work. Writers write the payloads they are given, readers do as their body says;
/// everything that is read is compared with what was reserved, and at the end everything must be accounted for.
/// </summary>
internal sealed unsafe partial class RingScenario : Scenario
{
    /// <summary>A CPU without a ring.</summary>
    private const int OtherCpu = 1;

    private sealed record Actor(
        string Name, bool IsMortal, int[]? Payloads, Action<ExploredReader>? Body, Place Place = Place.OnRing);

    /// <summary>Where a writer is.</summary>
    private enum Place
    {
        OnRing,

        /// <summary>It begins on the ring's CPU and may go on elsewhere, and come back.</summary>
        Moving,

        /// <summary>Elsewhere, and nobody has told it.</summary>
        Astray,
    }

    private readonly List<Actor> _actors = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<int, ExploredReader> _readers = [];
    private readonly RingSetup _setup;
    private readonly int[] _results = new int[16 * 16];
    private readonly int[] _restarts = new int[16];
    private ExploredRing? _ring;
    private RingWatch? _watch;

    public RingScenario(RingSetup setup) => _setup = setup;

    public RingSetup Setup => _setup;

    public override Arena Arena => Ring.Arena;

    public ExploredRing Ring => _ring ??= new ExploredRing(_setup, Fault);

    public RingWatch Watch => _watch ??= new RingWatch(Ring, t => t >= 0 && _actors[t].Payloads is not null);

    public override IReadOnlyList<string> Threads => _names;

    /// <summary>Packets that the readers of this run took out and consumed.</summary>
    public int Consumed { get; set; }

    /// <summary>A writer of one record for each payload length.</summary>
    public RingScenario Writer(params int[] payloads) => Add("w", false, payloads, null);

    /// <summary>A writer that may die before any of its steps.</summary>
    public RingScenario MortalWriter(params int[] payloads) => Add("w", true, payloads, null);

    /// <summary>A restartable writer that may go on on another CPU, which has no ring, and come back.</summary>
    public RingScenario MovingWriter(params int[] payloads) => Add("w", false, payloads, null, Place.Moving);

    /// <summary>A restartable writer that is on another CPU than the ring's and does not know.</summary>
    public RingScenario StrayWriter(params int[] payloads) => Add("w", false, payloads, null, Place.Astray);

    public RingScenario Reader(Action<ExploredReader> body) => Add("r", false, null, body);

    /// <summary>A reader that may die before any of its steps.</summary>
    public RingScenario MortalReader(Action<ExploredReader> body) => Add("r", true, null, body);

    public override bool IsMortal(int thread) => _actors[thread].IsMortal;

    /// <summary>All restartable writers begin on the ring's CPU; everybody else has one of their own.</summary>
    public override int CpuOf(int thread) =>
        _setup.Writer == WriterKind.Restartable && _actors[thread].Payloads is not null
            && _actors[thread].Place != Place.Astray ? RestartableRules.RingCpu : thread + OtherCpu + 1;

    public override int? NextCpuOf(LogicalThread thread) =>
        _actors[thread.Index].Place != Place.Moving ? null
            : thread.Cpu == RestartableRules.RingCpu ? OtherCpu : RestartableRules.RingCpu;

    public override void Reset()
    {
        Watch.Reset();
        Array.Clear(_results);
        Array.Clear(_restarts);
        Consumed = 0;
        for (int i = 0; i < _actors.Count; i++)
        {
            if (_actors[i].Body is not null)
            {
                _readers[i] = new ExploredReader(this, i);
            }
        }
    }

    public override void Execute(LogicalThread thread)
    {
        Actor actor = _actors[thread.Index];
        if (actor.Body is not null)
        {
            actor.Body(_readers[thread.Index]);
            return;
        }

        Span<byte> payload = stackalloc byte[Setup.Size];
        for (int number = 0; number < actor.Payloads!.Length; number++)
        {
            int length = actor.Payloads[number];
            Reservations.Fill(payload[..length], thread.Index, number);
            Watch.Begins(thread.Index, number, length);
            WriteResult result = actor.Place == Place.Moving ? WriteWhereItIs(thread, payload[..length])
                : Ring.Buffer.Write((ushort)(thread.Index + 1), thread.Index + 1, new BytesPayload(payload[..length]));
            _results[(thread.Index * 16) + (int)result]++;
        }
    }

    /// <summary>As <see cref="RingChannel"/> does: before each attempt, the ring of the thread's CPU.</summary>
    private WriteResult WriteWhereItIs(LogicalThread thread, ReadOnlySpan<byte> payload)
    {
        for (int attempt = 0; attempt < RingBuffer<ExplorerMachine>.MaxRestarts; attempt++)
        {
            if (thread.Cpu != RestartableRules.RingCpu)
            {
                return Ring.Buffer.Lose(Loss.NoBuffer);
            }

            if (Ring.Buffer.TryWriteRestartable(
                (ushort)(thread.Index + 1), thread.Index + 1, new BytesPayload(payload), out WriteResult result))
            {
                return result;
            }
        }

        return Ring.Buffer.Lose(Loss.Restart);
    }

    public override void Written(LogicalThread thread, ulong* word, ulong before, ulong after) =>
        Require(Watch.Check(thread, word, before, after));

    public override void Writing(LogicalThread thread, byte* target, int length) =>
        Require(Watch.CheckBytes(thread.Index, target, length));

    public override void Loaded(LogicalThread thread, ulong* word, ulong value) =>
        Watch.HasLoaded(thread, word, value);

    public override void Publishing(LogicalThread thread, in Section section) =>
        Watch.Rules.Publishing(thread, in section);

    public override void Published(LogicalThread thread, in Section section, PublishResult result)
    {
        _restarts[thread.Index] += result == PublishResult.Restarted ? 1 : 0;
        Watch.Rules.Published(thread, in section, result);
    }

    public override void Read(LogicalThread thread, ulong now) => Watch.HasTime(thread.Index, now);

    /// <summary>Ends the run if something is wrong.</summary>
    public void Require(string? wrong)
    {
        if (wrong is not null)
        {
            Run.Fail(wrong);
        }
    }

    public override void Dispose() => _ring?.Dispose();

    private RingScenario Add(
        string kind, bool isMortal, int[]? payloads, Action<ExploredReader>? body, Place place = Place.OnRing)
    {
        _names.Add($"{kind}{_actors.Count(a => a.Name == kind)}");
        _actors.Add(new Actor(kind, isMortal, payloads, body, place));
        return this;
    }
}
