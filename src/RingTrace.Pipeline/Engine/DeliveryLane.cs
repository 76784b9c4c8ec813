namespace RingTrace.Pipeline.Engine;

/// <summary>
/// The way from the source to one processing thread: a few deliveries that go in a circle. When the thread is slow the source
/// waits here for one to come back, and so does the file.
/// </summary>
internal sealed class DeliveryLane
{
    private const int Deliveries = 4;

    private readonly CirclingQueue<Delivery> _free = new();
    private readonly CirclingQueue<Delivery> _ready = new();
    private Delivery? _open;

    public DeliveryLane()
    {
        for (int i = 0; i < Deliveries; i++)
        {
            _free.Add(new Delivery());
        }
    }

    /// <summary>How many wait for the thread.</summary>
    public int Waiting => _ready.Count;

    /// <summary>What is being filled; by the source alone. Waits until there is one.</summary>
    public Delivery Open => _open ??= _free.Take()!;

    /// <summary>By the source: hands over what was filled.</summary>
    /// <param name="watermark">What comes later to this thread has at least this order.</param>
    public void HandOver(long watermark)
    {
        Delivery delivery = Open;
        delivery.Watermark = watermark;
        _open = null;
        _ready.Add(delivery);
    }

    /// <summary>By the thread: the next one.</summary>
    /// <returns>Null when the time is over or somebody called <see cref="Wake"/>.</returns>
    public Delivery? Take(int milliseconds) => _ready.Take(milliseconds);

    /// <summary>By the thread: it is done with.</summary>
    public void Return(Delivery delivery)
    {
        delivery.Clear();
        _free.Add(delivery);
    }

    public void Wake() => _ready.Wake();
}
