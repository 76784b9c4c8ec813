using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// The machine that the shipped code runs on under exploration: every access asks the run who goes on. On a thread
/// that is not explored (set-up and final checks) it is plain memory.
/// </summary>
internal readonly unsafe struct ExplorerMachine : IMachine
{
    /// <summary>One step of a copy reads no more, so that a copy can be torn; behind a packet's header too.</summary>
    private const int TakeStep = 96;

    [ThreadStatic]
    internal static LogicalThread? t_thread;

    [ThreadStatic]
    internal static Fault? t_fault;

    /// <summary>The run whose memory a thread that is not explored looks at.</summary>
    [ThreadStatic]
    internal static Run? t_run;

    public static ulong Load(ulong* word)
    {
        LogicalThread? thread = t_thread;
        return thread is null ? *word : thread.Load(word);
    }

    public static void Store(ulong* word, ulong value)
    {
        LogicalThread? thread = t_thread;
        if (thread is null)
        {
            *word = value;
        }
        else
        {
            thread.Store(word, value);
        }
    }

    public static ulong CompareExchange(ulong* word, ulong value, ulong expected)
    {
        LogicalThread? thread = t_thread;
        if (thread is not null)
        {
            return thread.CompareExchange(word, value, expected);
        }

        ulong before = *word;
        *word = before == expected ? value : before;
        return before;
    }

    public static void Add(ulong* word, ulong value)
    {
        LogicalThread? thread = t_thread;
        if (thread is null)
        {
            *word += value;
        }
        else
        {
            thread.Add(word, value);
        }
    }

    public static PublishResult Publish(ref Section section) => RestartableTwin.Publish(ref section);

    /// <remarks>Loads are in program order here.</remarks>
    public static void ReadFence()
    {
    }

    public static void Put<T>(byte* target, in T value) where T : unmanaged =>
        Put(target, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    public static void Put(byte* target, ReadOnlySpan<byte> source)
    {
        LogicalThread? thread = t_thread;
        if (source.Length == 0)
        {
            return;
        }

        if (thread is null)
        {
            source.CopyTo(new Span<byte>(target, source.Length));
        }
        else
        {
            thread.Put(target, source);
        }
    }

    public static void Take(byte* source, Span<byte> target)
    {
        for (int at = 0; at < target.Length; at += TakeStep)
        {
            Span<byte> part = target.Slice(at, Math.Min(TakeStep, target.Length - at));
            LogicalThread? thread = t_thread;
            if (thread is null)
            {
                new ReadOnlySpan<byte>(source + at, part.Length).CopyTo(part);
            }
            else
            {
                thread.Take(source + at, part);
            }
        }
    }

    public static ulong Now(ClockKind clock) => t_thread?.Now() ?? (t_run?.Clock ?? 0) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(Fault fault) => t_fault == fault;
}
