using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// The recorder's side of the command page: takes what a consumer has posted, checks it, carries it out, answers. Whoever
/// can write the page can write anything: it is copied first, bounded in length, and never ends in an exception.
/// For the housekeeper alone.
/// </summary>
internal sealed class CommandServer(Mailbox<Hardware> mailbox, RecorderBindings bindings)
{
    /// <summary>The changes that are kept for events that come later: a consumer must not make the service grow.</summary>
    internal const int MostChanges = 256;

    private readonly byte[] _text = new byte[CommandPage.MaxText];
    private int _ignored;

    /// <summary>What was posted and is no command.</summary>
    public int Ignored => Volatile.Read(ref _ignored);

    /// <summary>Carries out the one command that may be there.</summary>
    public void Poll()
    {
        ulong ticket = mailbox.TryTake(_text, out int length);
        if (ticket == 0)
        {
            return;
        }

        RecorderAnswer answer;
        try
        {
            answer = length < 0 ? Ignore() : CommandText.ReadCommand(_text.AsSpan(0, length)) is { } command ? Run(bindings, command) : Ignore();
        }
#pragma warning disable CA1031 // An exception that leaves this thread ends the service.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = new RecorderAnswer(0, IsKept: false, e.GetType().Name);
        }

        mailbox.TryAnswer(ticket, CommandText.Write(answer));
    }

    /// <summary>Carries out a command from anywhere outside: bounded, and its effect too.</summary>
    public static RecorderAnswer Run(RecorderBindings bindings, RecorderCommand command)
    {
        if (command.FindProblem() is { } problem)
        {
            return new RecorderAnswer(0, IsKept: false, problem);
        }

        List<EventChange> changes = [];
        if (command.HasLimits)
        {
            // Up, not down: 0 would be for all.
            TimeSpan? threshold = command.ThresholdNanoseconds is { } ns
                ? TimeSpan.FromTicks((ns / TimeSpan.NanosecondsPerTick) + Math.Sign(ns % TimeSpan.NanosecondsPerTick)) : null;
            changes.Add(new LimitChange(command.Pattern, command.Category, threshold, command.MostPerSecond, command.OneIn));
        }

        if (command.Action != RecorderAction.Limit)
        {
            changes.Add(new LevelChange(
                command.Pattern, command.Category, command.Level ?? TraceLevel.Debug, On: command.Action == RecorderAction.Enable));
        }

        int changed = 0;
        bool isKept = true;
        foreach (EventChange change in changes)
        {
            // The sum may count one event twice: it has other limits and is enabled.
            changed = Math.Max(changed, TraceProviders.Switch(bindings, change, MostChanges, out bool isThisKept));
            isKept &= isThisKept;
        }

        return new RecorderAnswer(changed, isKept, Problem: null);
    }

    private RecorderAnswer Ignore()
    {
        Interlocked.Increment(ref _ignored);
        return new RecorderAnswer(0, IsKept: false, "this is no command that the recorder knows");
    }
}
