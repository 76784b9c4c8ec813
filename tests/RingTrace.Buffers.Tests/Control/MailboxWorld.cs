using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Xunit;

namespace RingTrace.Buffers.Tests.Control;

/// <summary>A mailbox, its recorder and consumers that come and die; asserts what must hold at each step.</summary>
internal sealed unsafe class MailboxWorld<TMachine> : IDisposable where TMachine : struct, IMachine
{
    private readonly CommandPage* _page = (CommandPage*)NativeMemory.AlignedAlloc(CommandPage.Length, CommandPage.Length);
    private readonly HashSet<int> _alive = [];
    private readonly Lock _gate = new();
    private readonly HashSet<long> _withdrawn = [];
    private int _processes;
    private int _locker;
    private long _commands;

    public MailboxWorld() => Page.Clear();

    public Span<byte> Page => new(_page, CommandPage.Length);

    public Mailbox<TMachine> Mailbox => new(_page);

    /// <summary>The commands that the recorder has carried out.</summary>
    public HashSet<long> Done { get; } = [];

    /// <summary>Whether what the recorder finds must be a whole command: not when others write garbage.</summary>
    public bool IsOrderly { get; init; } = true;

    public Consumer NewConsumer()
    {
        lock (_gate)
        {
            _alive.Add(++_processes);
            return new Consumer(this, _processes);
        }
    }

    public void Kill(Consumer consumer)
    {
        lock (_gate)
        {
            _alive.Remove(consumer.Process);
        }
    }

    /// <summary>The recorder looks into the mailbox, and answers what is there.</summary>
    public void Poll()
    {
        byte[] text = new byte[CommandPage.MaxText];
        ulong ticket = Mailbox.TryTake(text, out int length);
        if (ticket == 0)
        {
            return;
        }

        Assert.InRange(length, IsOrderly ? 8 : -1, CommandPage.MaxText);
        if (length >= 8)
        {
            long command = BinaryPrimitives.ReadInt64LittleEndian(text);
            if (IsOrderly)
            {
                Assert.Equal(TextOf(command), text[..length]);
            }

            lock (_gate)
            {
                Assert.DoesNotContain(command, _withdrawn);
                Assert.True(Done.Add(command) || !IsOrderly, $"command {command} twice");
            }
        }

        Mailbox.TryAnswer(ticket, text.AsSpan(0, Math.Max(0, length)));
    }

    public void Dispose() => NativeMemory.AlignedFree(_page);

    /// <summary>Its number and as many bytes of it as make a length of its own.</summary>
    private static byte[] TextOf(long command)
    {
        byte[] text = new byte[8 + (command * 37 % (CommandPage.MaxText - 7))];
        text.AsSpan().Fill((byte)command);
        BinaryPrimitives.WriteInt64LittleEndian(text, command);
        return text;
    }

    /// <summary>A process with commands, one after the other.</summary>
    internal sealed class Consumer(MailboxWorld<TMachine> world, int process)
    {
        private ulong _ticket;
        private bool _isPosted;

        public int Process => process;

        /// <summary>How many answers it got.</summary>
        public int Answers { get; private set; }

        public long Command { get; private set; }

        /// <summary>Does the next thing: claims, posts, or looks for the answer.</summary>
        public void Act()
        {
            if (_ticket == 0)
            {
                _ticket = world.TryLock(process) ? world.Mailbox.TryClaim(process) : 0;
                Command = Interlocked.Increment(ref world._commands);
                return;
            }

            if (!_isPosted)
            {
                _isPosted = world.Mailbox.TryPost(_ticket, TextOf(Command));
                Assert.True(_isPosted || !world.IsOrderly, "a living consumer's mailbox was taken away");
                if (!_isPosted)
                {
                    Forget();
                }

                return;
            }

            byte[] answer = new byte[CommandPage.MaxText];
            int length = world.Mailbox.TryRead(_ticket, answer);
            if (length >= 0)
            {
                Assert.True(!world.IsOrderly || answer.AsSpan(0, length).SequenceEqual(TextOf(Command)), "another's answer");
                Answers++;
                Forget();
            }
        }

        public void Leave()
        {
            if (_ticket == 0)
            {
                return;
            }

            // Before: the recorder may look in right behind the step.
            lock (world._gate)
            {
                MailPhase? was = world.Mailbox.Leave(_ticket);
                if (was < MailPhase.Taken && world.IsOrderly)
                {
                    Assert.DoesNotContain(Command, world.Done);
                    world._withdrawn.Add(Command);
                }
            }

            Forget();
        }

        private void Forget()
        {
            (_ticket, _isPosted) = (0, false);
            world.Unlock();
        }
    }

    /// <summary>As the kernel does for a file: it goes with the process.</summary>
    private bool TryLock(int process)
    {
        lock (_gate)
        {
            if (_locker != process && _alive.Contains(_locker))
            {
                return false;
            }

            _locker = process;
            return true;
        }
    }

    private void Unlock()
    {
        lock (_gate)
        {
            _locker = 0;
        }
    }
}
