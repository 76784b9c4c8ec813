using Xunit;

namespace RingTrace.Pipeline.Tests;

/// <summary>What somebody may ask of a pipeline that runs, at random of a seed.</summary>
internal static class Schedule
{
    /// <summary>Whatever was asked of it, a pipeline ends in this time.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Starts it, has it pause and go on now and then, perhaps stops it, and waits for its end.</summary>
    /// <param name="pipeline">Not started.</param>
    /// <param name="random">Of the seed.</param>
    /// <param name="seed">One in three stops in any case.</param>
    /// <param name="mayCancel">Whether what is in may be given up.</param>
    public static void Run(Pipeline<long> pipeline, Random random, int seed, bool mayCancel)
    {
        pipeline.Start();
        for (int i = random.Next(5); i >= 0; i--)
        {
            Thread.SpinWait(random.Next(20_000));
            switch (random.Next(mayCancel ? 5 : 4))
            {
                case 0:
                    pipeline.Pause();
                    break;
                case 1:
                    pipeline.Resume();
                    break;
                case 2 when i == 0:
                    pipeline.Stop();
                    break;
                case 4 when i == 0:
                    pipeline.Cancel();
                    break;
                default:
                    pipeline.Pause();
                    pipeline.Resume();
                    break;
            }
        }

        pipeline.Resume();
        if (seed % 3 == 0)
        {
            pipeline.Stop();
        }

        Assert.True(pipeline.Wait(Bound), $"seed {seed} does not end: {pipeline.State}");
    }
}
