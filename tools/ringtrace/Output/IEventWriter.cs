using RingTrace.Formats;

namespace RingTrace.Tool.Output;

/// <summary>Writes one event after the other in some form. Disposing it writes what is buffered.</summary>
internal interface IEventWriter : IDisposable
{
    void Write(in EventView item);

    /// <summary>Hands on what is buffered: somebody is looking.</summary>
    void Flush();
}
