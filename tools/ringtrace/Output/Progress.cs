namespace RingTrace.Tool.Output;

/// <summary>
/// One line on standard error that tells how far a long piece of work is: only on a terminal, and only once it has
/// taken a second. Disposing it takes the line away. For one thread.
/// </summary>
internal sealed class Progress : IProgress<long>, IDisposable
{
    private const string EraseLine = "\r\e[K";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly string _what;
    private readonly long _total;
    private readonly TextWriter? _terminal;
    private readonly TimeProvider _time;
    private readonly long _start;
    private TimeSpan _next = Patience;
    private bool _isShown;

    /// <param name="what">What goes on: <c>reading DIR</c>.</param>
    /// <param name="total">How many bytes that takes in all; 0 when it is not known.</param>
    public Progress(string what, long total)
        : this(what, total, Console.IsErrorRedirected ? null : Console.Error, TimeProvider.System)
    {
    }

    internal Progress(string what, long total, TextWriter? terminal, TimeProvider time)
    {
        (_what, _total, _terminal, _time) = (Printable.Of(what), total, terminal, time);
        _start = time.GetTimestamp();
    }

    /// <summary>The bytes that were done before this part of the work.</summary>
    public long Before { get; set; }

    /// <summary>Tells how far the work is.</summary>
    /// <param name="value">The bytes of this part that are done.</param>
    public void Report(long value)
    {
        if (_terminal is null)
        {
            return;
        }

        TimeSpan elapsed = _time.GetElapsedTime(_start);
        if (elapsed >= _next)
        {
            _next = elapsed + Period;
            _isShown = true;
            _terminal.Write($"{EraseLine}{_what}: {Describe(Before + value, elapsed)}");
        }
    }

    public void Dispose()
    {
        if (_isShown)
        {
            _terminal!.Write(EraseLine);
            _isShown = false;
        }
    }

    private string Describe(long done, TimeSpan elapsed)
    {
        if (_total <= 0 || done <= 0)
        {
            return Units.Bytes(done);
        }

        // Files may grow meanwhile.
        double share = Math.Min(1, (double)done / _total);
        TimeSpan left = elapsed / share - elapsed;
        return $"{Math.Floor(share * 100):F0} % of {Units.Bytes(_total)}, {Math.Ceiling(left.TotalSeconds):F0} s left";
    }
}
