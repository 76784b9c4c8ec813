using RingTrace.Packets.Captures;

namespace RingTrace.Fuzz;

/// <summary>Reads a damaged capture as a file and as a slow stream, and compares what it says with what the sound one said.</summary>
/// <param name="sound">What it was.</param>
/// <param name="isNamed">Whether its format is said before its name.</param>
/// <param name="isPacked">Whether what was damaged was packed.</param>
internal sealed class CaptureJudge(SoundCapture sound, bool isNamed, bool isPacked)
{
    public Outcome Read(string path, bool isCut, Random random)
    {
        byte[] damaged = File.ReadAllBytes(path);
        CaptureReading whole = CaptureReading.Of(path, () => CaptureReader.Open(isNamed ? sound.Prefix + path : path));
        CaptureReading slow = CaptureReading.Of(path, () => CaptureReader.Open(
            new DripStream(damaged, random.Next(2) == 0 ? 7 : 4000, random), path, isNamed ? sound.Format : null));
        if (isPacked)
        {
            DemandAlike(whole, slow);
            DemandWhatWas(whole, isCut ? whole.Records.Count : 0);
        }
        else if (isNamed || (whole.Format == sound.Format && slow.Format == whole.Format))
        {
            ViolationException.Unless(whole.Problem?.Message == slow.Problem?.Message,
                $"as a file '{whole.Problem?.Message}', as a stream '{slow.Problem?.Message}'");
            ViolationException.Unless(whole.Records.SequenceEqual(slow.Records), "a stream gives other records than a file");
            DemandWhatWas(whole, Before(damaged));
        }

        if (isCut)
        {
            DemandCut(whole, damaged.Length);
        }

        return whole.Problem is null ? Outcome.Whole : whole.Records.Count > 0 ? Outcome.Partial : Outcome.Refused;
    }

    /// <summary>How many of the sound records lie before the first byte that is another.</summary>
    private int Before(byte[] damaged)
    {
        int same = damaged.AsSpan().CommonPrefixLength(sound.Bytes);
        return same < sound.Places[0] ? 0 : sound.Places.Count(place => place <= same) - 1;
    }

    /// <summary>How much a library makes of damaged bytes, and where it notices, goes by the pieces that it is given.</summary>
    private static void DemandAlike(CaptureReading one, CaptureReading other)
    {
        int both = Math.Min(one.Records.Count, other.Records.Count);
        ViolationException.Unless(one.Records.Take(both).SequenceEqual(other.Records.Take(both)), "a stream gives other records than a file");
        ViolationException.Unless(one.Problem is null == other.Problem is null,
            $"as a file '{one.Problem?.Message}', as a stream '{other.Problem?.Message}'");
    }

    private void DemandWhatWas(CaptureReading reading, int records)
    {
        ViolationException.Unless(reading.Records.Count >= records,
            $"{reading.Records.Count} records, {records} are before the damage: {reading.Problem?.Message}");
        ViolationException.Unless(records <= sound.Records.Count && reading.Records.Take(records).SequenceEqual(sound.Records.Take(records)),
            "records before the damage are others");
    }

    /// <summary>Nothing at all, named as a format without a head, is a capture without packets: packed it can't be told from one that is not.</summary>
    private void DemandCut(CaptureReading reading, int length) => ViolationException.Unless(
        reading.Problem is not null || ((!isPacked || length == 0) && sound.Places.Contains(length)),
        "nothing is said of the record that is cut");
}
