using System.Collections.Concurrent;

namespace RingTrace.Torture;

/// <summary>What a round did and saw. Filled by many threads.</summary>
internal sealed class RoundResult
{
    private const int MaxViolations = 20;

    public ConcurrentQueue<string> Violations { get; } = [];

    public bool IsViolated => !Violations.IsEmpty;

    public long Emitted;
    public long Recorded;
    public long Packets;
    public long Records;

    /// <summary>Passes of readers over the whole ring.</summary>
    public long Passes;

    /// <summary>Snapshots of a recorder, each decoded.</summary>
    public long Snapshots;
    public long LostWrap;
    public long LostFull;
    public long LostRestart;
    public long LostOther;

    /// <summary>Compare-and-swaps of writers that came too late.</summary>
    public long WritersLost;

    /// <summary>Those of readers: exchanges, put-backs, claims.</summary>
    public long ReadersLost;

    /// <summary>Gets that were told to come again.</summary>
    public long Refused;

    /// <summary>Copies and peeks that found no rest.</summary>
    public long CopiesLost;
    public long Deaths;
    public long TakeOvers;

    /// <summary>Sections that were interrupted.</summary>
    public long Restarts;

    /// <summary>Sections that were not entered because W had moved.</summary>
    public long Stale;

    /// <summary>Sections that were not entered because the thread was on another CPU.</summary>
    public long OtherCpu;

    /// <summary>Records that began on one CPU and ended on another.</summary>
    public long Crossings;
    public long Signals;

    /// <summary>Records written by signal handlers; they are among the recorded ones.</summary>
    public long HandlerRecords;

    /// <summary>Records that handlers left alone, for they were not simple.</summary>
    public long HandlersPassed;
    public long Moves;
    public long Forks;

    /// <summary>Times that a thread of real-time priority came back from a nap.</summary>
    public long Naps;

    public bool SawContention => WritersLost > 0 && Refused + ReadersLost + CopiesLost > 0;

    /// <summary>A record is given up after 64 attempts: so rarely that more says that attempts fail without reason.</summary>
    public void CheckGivenUp()
    {
        if (LostRestart > 1 + (Emitted / 100_000))
        {
            Violate($"{LostRestart} of {Emitted} records were given up after too many attempts");
        }
    }

    public void Violate(string what)
    {
        if (Violations.Count < MaxViolations)
        {
            Violations.Enqueue(what);
        }
    }

    public void Add(RoundResult other)
    {
        Emitted += other.Emitted;
        Recorded += other.Recorded;
        Packets += other.Packets;
        Records += other.Records;
        Passes += other.Passes;
        Snapshots += other.Snapshots;
        LostWrap += other.LostWrap;
        LostFull += other.LostFull;
        LostRestart += other.LostRestart;
        LostOther += other.LostOther;
        WritersLost += other.WritersLost;
        ReadersLost += other.ReadersLost;
        Refused += other.Refused;
        CopiesLost += other.CopiesLost;
        Deaths += other.Deaths;
        TakeOvers += other.TakeOvers;
        Restarts += other.Restarts;
        Stale += other.Stale;
        OtherCpu += other.OtherCpu;
        Crossings += other.Crossings;
        Signals += other.Signals;
        HandlerRecords += other.HandlerRecords;
        HandlersPassed += other.HandlersPassed;
        Moves += other.Moves;
        Forks += other.Forks;
        Naps += other.Naps;
    }
}
