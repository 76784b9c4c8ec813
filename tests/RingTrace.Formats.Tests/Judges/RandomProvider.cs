namespace RingTrace.Formats.Tests;

/// <summary>Random events of one provider, and records of them.</summary>
internal sealed class RandomProvider
{
    private const int MostRecord = 1 << 17;

    private readonly List<(EventSite Site, RandomField[] Fields)> _events = [];
    private readonly Random _random;

    /// <param name="seed">Decides everything.</param>
    /// <param name="hasLarge">Whether its first event begins with a text or array of up to 64 KiB.</param>
    public RandomProvider(int seed, bool hasLarge)
    {
        _random = new Random(seed);
        Provider = new TraceProvider($"Random{seed}");
        int events = _random.Next(1, 4);
        for (int i = 0; i < events; i++)
        {
            RandomField[] fields = [.. Enumerable.Range(0, _random.Next(9)).Select(number => RandomField.Of($"f{number}", _random))];
            if (i == 0 && hasLarge)
            {
                fields = [RandomField.Large("large", _random), .. fields];
            }

            EventSchema schema = new(
                Provider.Name, $"E{i}", (TraceLevel)_random.Next(4), EventKind.Instant, [.. fields.Select(field => field.Schema)]);
            _events.Add((Provider.AddEvent(schema), fields));
        }
    }

    public TraceProvider Provider { get; }

    /// <summary>Writes each event up to three times.</summary>
    /// <param name="expected">Gets a line for each: its name and fields, as judge.py spells them.</param>
    public void Write(List<string> expected)
    {
        byte[] buffer = new byte[MostRecord];
        foreach ((EventSite site, RandomField[] fields) in _events)
        {
            for (int times = _random.Next(1, 4); times > 0; times--)
            {
                RandomValue[] values = [.. fields.Select(field => field.Next(_random))];
                PayloadWriter writer = new(buffer);
                foreach (RandomValue value in values)
                {
                    value.Write(ref writer);
                }

                site.Write(writer.Written);
                expected.Add($"{site.Schema.FullName} {{{string.Join(',', values.Select(value => value.Expected))}}}");
            }
        }
    }
}
