using System.IO.Enumeration;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// Which events one recorder takes, under which id and into which channel. Changed under the lock of
/// <see cref="TraceProviders"/>.
/// </summary>
internal sealed class RecorderBindings(RingRegion region, FlightRecorderOptions options)
{
    private readonly Dictionary<EventSite, Entry> _entries = [];
    private readonly List<EventSwitch> _switches = [];

    internal sealed class Entry(EventSchema schema, RingChannel channel, ushort id)
    {
        public EventSchema Schema => schema;

        public ushort Id => id;

        public List<RingChannel> Channels { get; } = [channel];

        public bool IsEnabled { get; set; }
    }

    public bool BindsAll => options.BindAllProviders;

    /// <summary>Events that found no room for their schema and are not recorded.</summary>
    public int Rejected { get; private set; }

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

    public RingChannel ChannelNamed(string? name) =>
        name is null ? region.Channels[0]
        : region.Channels.FirstOrDefault(channel => channel.Name == name)
            ?? throw new ArgumentException($"There is no channel named {name}.", nameof(name));

    /// <summary>Switches what is there, and what comes later.</summary>
    /// <returns>How many events changed.</returns>
    public IReadOnlyList<EventSite> Switch(EventSwitch change)
    {
        lock (_entries)
        {
            _switches.Add(change);
            List<EventSite> changed = [];
            foreach ((EventSite site, Entry entry) in _entries)
            {
                if (change.Covers(entry.Schema) && entry.IsEnabled != change.On)
                {
                    entry.IsEnabled = change.On;
                    changed.Add(site);
                }
            }

            return changed;
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
    public Entry? Add(EventSite site, RingChannel channel)
    {
        lock (_entries)
        {
            if (_entries.TryGetValue(site, out Entry? known))
            {
                if (!known.Channels.Contains(channel))
                {
                    known.Channels.Add(channel);
                }

                return known;
            }

            int id = _entries.Count;
            if (id > RecordHead.MaxId || !region.TryAddSchema((ushort)id, SchemaText.Write(site.Schema)))
            {
                Rejected++;
                return null;
            }

            bool enabled = _switches.FindLast(change => change.Covers(site.Schema))?.On ?? site.Schema.Level <= options.Level;
            Entry entry = new(site.Schema, channel, (ushort)id) { IsEnabled = enabled };
            _entries.Add(site, entry);
            return entry;
        }
    }
}

/// <summary>A wish to enable or disable events; holds for those that are loaded later too.</summary>
/// <param name="Pattern"><c>Provider:Event</c>, with <c>*</c>.</param>
/// <param name="Level">The least important level that is enabled; disabling covers all.</param>
/// <param name="On">Enable or disable.</param>
internal sealed record EventSwitch(string Pattern, TraceLevel Level, bool On)
{
    public bool Covers(EventSchema schema) =>
        (!On || schema.Level <= Level) && FileSystemName.MatchesSimpleExpression(Pattern, schema.FullName, ignoreCase: false);
}
