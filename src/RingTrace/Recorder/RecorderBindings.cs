using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// Which events one recorder takes, under which id and into which channel. Changed under the lock of
/// <see cref="TraceProviders"/>.
/// </summary>
internal sealed class RecorderBindings(RingRegion region, FlightRecorderOptions options)
{
    private readonly Dictionary<EventSite, Entry> _entries = [];
    private readonly HashSet<EventSite> _rejected = [];
    private readonly List<EventChange> _changes = [];

    internal sealed class Entry(EventSite site, RingChannel channel, ushort id)
    {
        private readonly long _suppressedBefore = site.Suppressed;

        public EventSchema Schema => site.Schema;

        public ushort Id => id;

        public List<RingChannel> Channels { get; } = [channel];

        public bool IsEnabled { get; set; }

        public EventLimits Limits { get; set; } = (site.Schema.Limits ?? EventLimits.None).For(site.Schema.Kind);

        /// <summary>What limits have held back since this recorder knows the event.</summary>
        public long Suppressed => site.Suppressed - _suppressedBefore;
    }

    public bool BindsAll => options.BindAllProviders;

    /// <summary>Events that are not recorded, for they or the other end of their span found no room for their schema.</summary>
    public int Rejected
    {
        get
        {
            lock (_entries)
            {
                return _rejected.Count;
            }
        }
    }

    /// <summary>How many wishes are kept for events that come later.</summary>
    public int Changes
    {
        get
        {
            lock (_entries)
            {
                return _changes.Count;
            }
        }
    }

    /// <summary>The events with their ids, in the order of the ids.</summary>
    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries.Values.OrderBy(entry => entry.Id)];
            }
        }
    }

    /// <summary>The provider's own channel, if there is one of that name; else the first.</summary>
    public RingChannel ChannelOf(TraceProvider provider) =>
        region.Channels.FirstOrDefault(channel => channel.Name == provider.Channel) ?? region.Channels[0];

    public RingChannel ChannelNamed(string name) =>
        region.Channels.FirstOrDefault(channel => channel.Name == name)
            ?? throw new ArgumentException($"There is no channel named {name}.", nameof(name));

    /// <summary>Changes what is there, and what comes later.</summary>
    /// <param name="change">The wish.</param>
    /// <param name="mostKept">When so many are kept for what comes later, this one is not.</param>
    /// <param name="isKept">Whether it is.</param>
    /// <returns>The events that changed.</returns>
    public IReadOnlyList<EventSite> Switch(EventChange change, int mostKept, out bool isKept)
    {
        lock (_entries)
        {
            // A program may switch for ever: what has no effect any more is not kept.
            isKept = _changes.RemoveAll(change.Replaces) > 0 || _changes.Count < mostKept;
            if (isKept)
            {
                _changes.Add(change);
            }

            return [.. _entries.Where(pair => !_rejected.Contains(pair.Key) && change.ApplyTo(pair.Value)).Select(pair => pair.Key)];
        }
    }

    public Entry? Find(EventSite site)
    {
        lock (_entries)
        {
            return _entries.GetValueOrDefault(site);
        }
    }

    /// <summary>Gives the event an id and its schema a place in the region; null when there is none.</summary>
    /// <param name="site">The event.</param>
    /// <param name="channel">Where its records go.</param>
    /// <param name="begin">Of a span's end, its begin: neither is recorded without the other.</param>
    public Entry? Add(EventSite site, RingChannel channel, EventSite? begin = null)
    {
        lock (_entries)
        {
            if (_rejected.Contains(site) || (begin is not null && _rejected.Contains(begin)))
            {
                _rejected.Add(site);
                return null;
            }

            if (_entries.TryGetValue(site, out Entry? known))
            {
                if (!known.Channels.Contains(channel))
                {
                    known.Channels.Add(channel);
                }

                return known;
            }

            int id = _entries.Count;
            if (id > RecordHead.MaxId || !TryStore((ushort)id, site.Schema))
            {
                Reject(site);
                Reject(begin);
                return null;
            }

            Entry entry = new(site, channel, (ushort)id) { IsEnabled = site.Schema.Level <= options.Level };
            _changes.ForEach(change => change.ApplyTo(entry));
            _entries.Add(site, entry);
            return entry;
        }
    }

    /// <summary>What is stored already, the begin of a span, keeps its id, and no more.</summary>
    private void Reject(EventSite? site)
    {
        if (site is null)
        {
            return;
        }

        _rejected.Add(site);
        if (_entries.TryGetValue(site, out Entry? stored))
        {
            stored.IsEnabled = false;
        }
    }

    /// <summary>Where the whole schema finds no room, what decodes the record may.</summary>
    private bool TryStore(ushort id, EventSchema schema) =>
        region.TryAddSchema(id, SchemaText.Write(schema)) || region.TryAddSchema(id, SchemaText.Write(schema.WithoutWords()));
}
