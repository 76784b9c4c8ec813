using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>
/// Tells the recorder of a running process what to do, through its region's command page; where that can't be written, all
/// recorders of the process, by way of its diagnostics port. Thread-safe.
/// </summary>
public static class RecorderControl
{
    /// <summary>How long an answer is waited for. A recorder looks into its page 4 times a second.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Posts a command and waits for its answer. Another consumer's command comes first; one whose process has ended is
    /// taken over.
    /// </summary>
    /// <param name="recorder">Which one.</param>
    /// <param name="command">What to do.</param>
    /// <param name="cancel">Withdraws it.</param>
    /// <exception cref="AttachException">The process does not answer, has ended, or takes commands from this one by neither way.</exception>
    /// <exception cref="ArgumentException">It is no command that a recorder would take.</exception>
    public static RecorderAnswer Send(OutsideRecorder recorder, RecorderCommand command, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(command);
        if (command.FindProblem() is { } problem)
        {
            throw new ArgumentException($"The command is refused: {problem}.", nameof(command));
        }

        byte[] text = CommandText.Write(command);
        if (text.Length > CommandPage.MaxText)
        {
            throw new ArgumentException(
                $"The command takes {text.Length} bytes, and {CommandPage.MaxText} is the most: shorten its patterns.", nameof(command));
        }

        string process = recorder.Found.ProcessId != 0 ? $"process {recorder.Found.ProcessId}" : $"the process of {recorder.Found.RingPath}";
        if (!recorder.IsAlive())
        {
            throw new AttachException($"{process} has ended: there is nobody to obey.");
        }

        if (recorder.Found.ControlPath is not { } control)
        {
            return SendByPort(recorder, command, $"{recorder.Found.RingPath} has no .ctl file beside it.");
        }

        CommandFile file;
        try
        {
            file = CommandFile.Open(recorder.Found.RingPath, control);
        }
        catch (RegionException e)
        {
            return SendByPort(recorder, command, e.Message);
        }

        using (file)
        {
            return new Exchange(file, recorder, process, cancel).Run(text);
        }
    }

    private static RecorderAnswer SendByPort(OutsideRecorder recorder, RecorderCommand command, string why)
    {
        try
        {
            return DiagnosticsControl.Send(recorder.Found.ProcessId, command);
        }
        catch (AttachException e)
        {
            throw new AttachException($"{why} And by the diagnostics port: {e.Message}", e);
        }
    }

    /// <summary>One command's way.</summary>
    private sealed class Exchange(CommandFile file, OutsideRecorder recorder, string process, CancellationToken cancel)
    {
        private readonly Mailbox<Hardware> _mailbox = file.Mailbox;
        private long _start;

        public RecorderAnswer Run(ReadOnlySpan<byte> text)
        {
            ulong ticket = Claim();
            bool isLeft = false;
            try
            {
                byte[] answer = new byte[CommandPage.MaxText];
                int length = -1;
                _mailbox.TryPost(ticket, text);
                _start = Environment.TickCount64;
                while ((length = _mailbox.TryRead(ticket, answer)) < 0 && Wait())
                {
                }

                // The answer may come with the last look.
                if (length < 0 && (length = _mailbox.TryRead(ticket, answer)) < 0)
                {
                    isLeft = true;
                    throw Unanswered(_mailbox.Leave(ticket));
                }

                isLeft = true;
                return CommandText.ReadAnswer(answer.AsSpan(0, length))
                    ?? throw new AttachException($"{process} answered what is no answer: its command page is damaged.");
            }
            finally
            {
                if (!isLeft)
                {
                    _mailbox.Leave(ticket);
                }
            }
        }

        private ulong Claim()
        {
            _start = Environment.TickCount64;
            ulong ticket;
            while (!file.TryLock() || (ticket = _mailbox.TryClaim(Environment.ProcessId)) == 0)
            {
                if (!Wait())
                {
                    throw new AttachException($"another consumer keeps the command page of {process}: try again, or end it "
                        + $"(fuser {recorder.Found.ControlPath} names it).");
                }
            }

            return ticket;
        }

        /// <returns>False when it has waited long enough.</returns>
        private bool Wait()
        {
            cancel.WaitHandle.WaitOne(Period);
            cancel.ThrowIfCancellationRequested();
            return Environment.TickCount64 - _start < Patience.TotalMilliseconds;
        }

        private AttachException Unanswered(MailPhase? was) => new(
            was is null ? $"somebody else has written into the command page of {process}: try again."
            : !recorder.IsAlive() ? $"{process} has ended before it answered."
            : was >= MailPhase.Taken ? $"{process} does not answer: it has taken the command, and may still carry it out."
            : $"{process} does not answer: it may be stopped or hung. The command is withdrawn.");
    }
}
