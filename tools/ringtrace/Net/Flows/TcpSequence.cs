namespace RingTrace.Tool.Net.Flows;

/// <summary>
/// Which bytes one direction of a TCP connection has sent, as far as they were seen: up to where without holes, and the holes. So a
/// segment that fills a hole is told from one that is sent again.
/// </summary>
internal struct TcpSequence
{
    /// <summary>Of more holes the oldest are forgotten: what fills them counts as sent again.</summary>
    private const int MostHoles = 16;

    /// <summary>What lies farther back than a window can is not known any more.</summary>
    private const int MostBehind = 1 << 30;

    private List<(uint From, uint To)>? _holes;
    private bool _isKnown;
    private uint _first;
    private uint _next;
    private uint _synchronised;

    /// <summary>Takes a segment.</summary>
    /// <param name="sequence">The number of its first byte.</param>
    /// <param name="payload">How many bytes of payload it has on the wire.</param>
    /// <param name="flags">As they stand in the header.</param>
    /// <returns>Whether all of it was sent before, and was more than a probe that keeps the connection alive.</returns>
    public bool Add(uint sequence, int payload, int flags)
    {
        bool isSyn = (flags & 2) != 0;
        bool isFin = (flags & 1) != 0;
        uint length = (uint)Math.Max(payload, 0) + (isSyn ? 1u : 0) + (isFin ? 1u : 0);
        if (length == 0)
        {
            return false;
        }

        uint end = sequence + length;
        if (!_isKnown || (isSyn && sequence != _synchronised))
        {
            // The first that is seen, or another connection with the same ports.
            (_isKnown, _first, _next, _synchronised) = (true, sequence, end, sequence);
            _holes?.Clear();
            return false;
        }

        if (Distance(_next, sequence) >= 0)
        {
            if (sequence != _next)
            {
                AddHole(_next, sequence);
            }

            Advance(end);
            return false;
        }

        bool isProbe = length == 1 && !isSyn && !isFin && sequence == _next - 1;
        bool isAgain = !isProbe && Fill(sequence, end) == length;
        if (Distance(_next, end) > 0)
        {
            Advance(end);
        }

        return isAgain;
    }

    /// <summary>Numbers go round: the one that is less than half of all numbers ahead is later.</summary>
    private static int Distance(uint from, uint to) => (int)(to - from);

    private static uint Later(uint left, uint right) => Distance(left, right) > 0 ? right : left;

    private static uint Earlier(uint left, uint right) => Distance(left, right) > 0 ? left : right;

    private void Advance(uint next)
    {
        _next = next;
        if (_next - _first > MostBehind)
        {
            _first = _next - MostBehind;
        }
    }

    private void AddHole(uint from, uint to)
    {
        _holes ??= [];
        if (_holes.Count == MostHoles)
        {
            _holes.RemoveAt(0);
        }

        _holes.Add((from, to));
    }

    /// <summary>Takes what is there out of the holes.</summary>
    /// <returns>How many bytes of it were there before.</returns>
    private long Fill(uint from, uint to)
    {
        // What lies before the first byte that was seen may not have been sent before.
        (from, to) = (Later(from, _first), Earlier(to, _next));
        int seen = Math.Max(Distance(from, to), 0);
        for (int i = (_holes?.Count ?? 0) - 1; i >= 0; i--)
        {
            (uint begin, uint end) = _holes![i];
            (uint left, uint right) = (Later(begin, from), Earlier(end, to));
            if (Distance(left, right) <= 0)
            {
                continue;
            }

            seen -= Distance(left, right);
            _holes.RemoveAt(i);
            if (begin != left)
            {
                _holes.Insert(i, (begin, left));
            }

            if (right != end && _holes.Count < MostHoles)
            {
                _holes.Insert(begin != left ? i + 1 : i, (right, end));
            }
        }

        return seen;
    }
}
