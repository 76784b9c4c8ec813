using System.Collections.Concurrent;

namespace RingTrace.Pipeline.Engine;

/// <summary>Messages to one thread, from any; bounded, so that a forgotten thread does not fill the memory.</summary>
internal sealed class Mailbox(Action wake)
{
    private const int Most = 1024;

    private readonly ConcurrentQueue<object> _messages = new();
    private volatile bool _hasMail;

    /// <summary>Asked before each packet: one load.</summary>
    public bool HasMail => _hasMail;

    /// <returns>False when it is full.</returns>
    public bool TryPost(object message)
    {
        if (_messages.Count >= Most)
        {
            return false;
        }

        _messages.Enqueue(message);
        _hasMail = true;
        wake();
        return true;
    }

    /// <summary>Gives out what is there; what the reader posts itself comes the next time.</summary>
    public void Read(Action<object> reader)
    {
        // In this order: what comes meanwhile says so again.
        _hasMail = false;
        for (int left = _messages.Count; left > 0 && _messages.TryDequeue(out object? message); left--)
        {
            reader(message);
        }
    }
}
