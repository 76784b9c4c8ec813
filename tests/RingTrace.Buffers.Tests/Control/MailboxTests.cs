using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Buffers.Tests.Control;

public sealed class MailboxTests
{
    private const int Actors = 3;
    private const int MostSteps = 12;

    private sealed class DeathException : Exception;

    /// <summary>
    /// Each act of a consumer or the recorder is cut at some access to memory, where another acts, or the consumer dies.
    /// </summary>
    [Fact]
    public void Commands_are_carried_out_at_most_once_and_answered_to_who_asked_whoever_dies_at_whatever_step()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Random random = new(seed);
            using MailboxWorld<StepMachine> world = new();
            MailboxWorld<StepMachine>.Consumer[] consumers = [.. Enumerable.Range(0, Actors).Select(_ => world.NewConsumer())];
            for (int act = 0; act < 60; act++)
            {
                int one = random.Next(Actors);
                int other = random.Next(Actors);
                Action? hook = random.Next(4) switch
                {
                    0 => static () => throw new DeathException(),
                    1 when one != other => () => Act(consumers[other], random),
                    2 => world.Poll,
                    _ => null,
                };
                StepMachine.After(random.Next(MostSteps), hook);
                try
                {
                    Act(consumers[one], random);
                }
                catch (DeathException)
                {
                    world.Kill(consumers[one]);
                    consumers[one] = world.NewConsumer();
                }

                StepMachine.After(0, null);
                if (random.Next(3) == 0)
                {
                    // The recorder is no process that could die alone; a consumer may act in the midst of its look.
                    StepMachine.After(random.Next(MostSteps), () => Act(consumers[other], random));
                    world.Poll();
                    StepMachine.After(0, null);
                }
            }

            Array.ForEach(consumers, world.Kill);
            AssertThatANewConsumerIsServed(world);
        }));
    }

    [Fact]
    public void Whatever_is_written_into_the_page_it_is_bounded_and_serves_again()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Random random = new(seed);
            using MailboxWorld<StepMachine> world = new() { IsOrderly = false };
            MailboxWorld<StepMachine>.Consumer consumer = world.NewConsumer();
            for (int act = 0; act < 40; act++)
            {
                Spoil(world.Page, random);
                StepMachine.After(random.Next(MostSteps), () => Spoil(world.Page, random));
                if (random.Next(2) == 0)
                {
                    world.Poll();
                }
                else
                {
                    Act(consumer, random);
                }
            }

            StepMachine.After(0, null);
            world.Kill(consumer);
            world.Poll();
            AssertThatANewConsumerIsServed(world);
        }));
    }

    [Fact]
    public async Task Threads_that_hurry_and_give_up_lose_no_answer_and_get_no_other()
    {
        const int Consumers = 4;
        const int Answers = 2000;
        using MailboxWorld<Hardware> world = new();
        using CancellationTokenSource end = new();
        Task recorder = Task.Run(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    world.Poll();
                }
            },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Consumers).Select(i => Task.Factory.StartNew(
            () =>
            {
                Random random = new(i);
                MailboxWorld<Hardware>.Consumer consumer = world.NewConsumer();
                while (consumer.Answers < Answers && !recorder.IsCompleted)
                {
                    consumer.Act();
                    if (random.Next(50) == 0)
                    {
                        consumer.Leave();
                    }
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await end.CancelAsync();
        await recorder;
        Assert.InRange(world.Done.Count, Consumers * Answers, int.MaxValue);
    }

    [Fact]
    public void A_consumer_that_lives_keeps_the_mailbox_and_one_that_died_does_not()
    {
        using MailboxWorld<Hardware> world = new();
        MailboxWorld<Hardware>.Consumer first = world.NewConsumer();
        MailboxWorld<Hardware>.Consumer second = world.NewConsumer();
        first.Act();
        second.Act();
        Assert.Equal(first.Process, Mailbox<Hardware>.OwnerOf(world.Mailbox.State));
        world.Kill(first);
        second.Act();
        Assert.Equal(second.Process, Mailbox<Hardware>.OwnerOf(world.Mailbox.State));
    }

    private static void Act<TMachine>(MailboxWorld<TMachine>.Consumer consumer, Random random) where TMachine : struct, IMachine
    {
        if (random.Next(8) == 0)
        {
            consumer.Leave();
        }
        else
        {
            consumer.Act();
        }
    }

    /// <summary>Words that mean something more often than noise would.</summary>
    private static void Spoil(Span<byte> page, Random random)
    {
        Span<byte> words = page[..32];
        if (random.Next(2) == 0)
        {
            random.NextBytes(page);
        }
        else
        {
            random.NextBytes(words);
            words[0] = (byte)((words[0] & 0xF8) | random.Next(8));
        }
    }

    private static void AssertThatANewConsumerIsServed<TMachine>(MailboxWorld<TMachine> world) where TMachine : struct, IMachine
    {
        MailboxWorld<TMachine>.Consumer consumer = world.NewConsumer();
        consumer.Act();
        consumer.Act();
        world.Poll();
        consumer.Act();
        Assert.Equal(1, consumer.Answers);
        Assert.Contains(consumer.Command, world.Done);
    }
}
