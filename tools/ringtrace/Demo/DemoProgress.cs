namespace RingTrace.Tool.Demo;

/// <summary>One line on standard error that tells how far the demo is; nothing when that is no terminal.</summary>
/// <param name="duration">How long the load runs.</param>
internal sealed class DemoProgress(TimeSpan duration) : IDisposable
{
    private const string EraseLine = "\r\e[K";

    private readonly bool _isTerminal = !Console.IsErrorRedirected;

    public void Tell(TimeSpan elapsed, long requests)
    {
        if (_isTerminal)
        {
            Console.Error.Write(
                $"{EraseLine}serving: {elapsed.TotalSeconds:F1} of {duration.TotalSeconds:F0} s, {requests:N0} requests");
        }
    }

    public void Dispose()
    {
        if (_isTerminal)
        {
            Console.Error.Write(EraseLine);
        }
    }
}
