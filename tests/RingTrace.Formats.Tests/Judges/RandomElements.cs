using System.Numerics;

namespace RingTrace.Formats.Tests;

/// <summary>One value as it lies in a record, and as judge.py spells it.</summary>
internal readonly record struct Element<T>(T Stored, string Text) where T : unmanaged;

/// <summary>Values of each type that has a fixed size.</summary>
internal static class RandomElements
{
    public static Element<T> Integer<T>(Random random) where T : unmanaged, IBinaryInteger<T>
    {
        T value = RandomNumbers.Integer<T>(random);
        return new Element<T>(value, RandomNumbers.Text(value));
    }

    /// <summary>A value of an enum: of a member, of several, or of none.</summary>
    public static Element<T> Enum<T>(Random random, EnumMember[] members) where T : unmanaged, IBinaryInteger<T>
    {
        T value = members.Length > 0 && random.Next(3) > 0
            ? T.CreateChecked(members[random.Next(members.Length)].Value) : RandomNumbers.Integer<T>(random);
        IEnumerable<string> names = members.Where(member => member.Value == Int128.CreateChecked(value)).Select(member => member.Name);
        return new Element<T>(value, RandomNumbers.Text(value) + (members.Length > 0 ? $"({string.Join('|', names)})" : ""));
    }

    public static Element<float> Float(Random random)
    {
        float value = (float)RandomNumbers.Real(random);
        return new Element<float>(value, RandomNumbers.Text((double)value));
    }

    public static Element<double> Double(Random random)
    {
        double value = RandomNumbers.Real(random);
        return new Element<double>(value, RandomNumbers.Text(value));
    }

    public static Element<byte> Bool(Random random)
    {
        byte value = (byte)random.Next(2);
        return new Element<byte>(value, RandomNumbers.Text(value));
    }

    public static Element<StoredGuid> Guid(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Element<StoredGuid>(new StoredGuid(new Guid(bytes, bigEndian: true)), $"[{string.Join(',', bytes)}]");
    }

    public static Element<StoredDateTime> Date(Random random)
    {
        DateTime date = new(Ticks(random), (DateTimeKind)random.Next(3));
        string kind = $"{(int)date.Kind}({date.Kind.ToString().ToLowerInvariant()})";
        return new Element<StoredDateTime>(
            new StoredDateTime(date), $"{{ticks={date.Ticks - DateTime.UnixEpoch.Ticks},kind={kind}}}");
    }

    public static Element<StoredDateTimeOffset> DateWithOffset(Random random)
    {
        // A day from the ends, so that no offset leads beyond them.
        long ticks = Math.Clamp(Ticks(random), TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay);
        DateTimeOffset date = new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(random.Next(-840, 841)));
        return new Element<StoredDateTimeOffset>(
            new StoredDateTimeOffset(date),
            $"{{ticks={ticks - DateTime.UnixEpoch.Ticks},offset_minutes={date.TotalOffsetMinutes}}}");
    }

    private static long Ticks(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => DateTime.MaxValue.Ticks,
        2 => DateTime.UnixEpoch.Ticks,
        _ => random.NextInt64(DateTime.MaxValue.Ticks),
    };
}
