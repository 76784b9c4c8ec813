using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// Who is there: the providers of the process and the recorders that want them. The one place where event sites are
/// rewired; all under one lock, never on an event's path.
/// </summary>
internal static class TraceProviders
{
    private static readonly Lock Gate = new();
    private static readonly List<TraceProvider> Known = [];
    private static readonly List<RecorderBindings> Recorders = [];

    public static void Add(TraceProvider provider)
    {
        lock (Gate)
        {
            if (Known.Contains(provider))
            {
                return;
            }

            Known.Add(provider);
            foreach (RecorderBindings recorder in Recorders.Where(recorder => recorder.BindsAll))
            {
                AddEvents(recorder, provider, recorder.ChannelOf(provider));
            }

            provider.Events.ToList().ForEach(Rewire);
        }
    }

    public static void Attach(RecorderBindings recorder)
    {
        lock (Gate)
        {
            Recorders.Add(recorder);
            if (recorder.BindsAll)
            {
                Known.ForEach(provider => AddEvents(recorder, provider, recorder.ChannelOf(provider)));
            }

            RewireAll();
        }
    }

    public static void Detach(RecorderBindings recorder)
    {
        lock (Gate)
        {
            Recorders.Remove(recorder);
            RewireAll();
        }
    }

    public static void Bind(RecorderBindings recorder, TraceProvider provider, RingChannel channel)
    {
        lock (Gate)
        {
            if (!Known.Contains(provider))
            {
                Known.Add(provider);
            }

            AddEvents(recorder, provider, channel);
            provider.Events.ToList().ForEach(Rewire);
        }
    }

    public static int Switch(RecorderBindings recorder, EventChange change) =>
        Switch(recorder, change, int.MaxValue, out _);

    /// <param name="recorder">Whose events.</param>
    /// <param name="change">The wish.</param>
    /// <param name="mostKept">When so many are kept for events that come later, this one is not.</param>
    /// <param name="isKept">Whether it is.</param>
    /// <returns>How many events are other than before.</returns>
    public static int Switch(RecorderBindings recorder, EventChange change, int mostKept, out bool isKept)
    {
        lock (Gate)
        {
            IReadOnlyList<EventSite> changed = recorder.Switch(change, mostKept, out isKept);
            foreach (EventSite site in changed)
            {
                Rewire(site);
            }

            return changed.Count;
        }
    }

    private static void AddEvents(RecorderBindings recorder, TraceProvider provider, RingChannel channel)
    {
        EventSite? last = null;
        foreach (EventSite site in provider.Events)
        {
            // Generated code adds a span's end right behind its begin.
            bool isPair = site.Schema.Kind == EventKind.SpanEnd && last?.Schema.Kind == EventKind.SpanBegin;
            recorder.Add(site, channel, isPair ? last : null);
            last = site;
        }
    }

    private static void RewireAll() => Known.SelectMany(provider => provider.Events).ToList().ForEach(Rewire);

    /// <summary>
    /// The site's chain: every channel of every recorder that has it enabled, the first recorder's first. A record is
    /// kept for all of them or for none, so that a span's end goes where its begin went: by the laxest limits.
    /// </summary>
    private static void Rewire(EventSite site)
    {
        EventBinding? chain = null;
        EventLimits? limits = null;
        for (int i = Recorders.Count - 1; i >= 0; i--)
        {
            if (Recorders[i].Find(site) is not { IsEnabled: true } entry)
            {
                continue;
            }

            limits = limits is null ? entry.Limits : EventLimits.Laxer(limits, entry.Limits);
            foreach (RingChannel channel in entry.Channels.AsEnumerable().Reverse())
            {
                chain = new EventBinding(channel, entry.Id, chain);
            }
        }

        site.Publish(chain, limits ?? EventLimits.None);
    }
}
