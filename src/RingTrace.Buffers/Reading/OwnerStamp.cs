namespace RingTrace.Buffers;

/// <summary>
/// When the owner of a claim started, beside the word with the claim: in bits 0..15 the version of the claim that it
/// belongs to. Who claims stores it after the claim; until then a number in use counts as the owner's.
/// </summary>
internal static class OwnerStamp
{
    private const int VersionBits = 16;
    private const ulong VersionMask = (1 << VersionBits) - 1;

    public static ulong Of(ProcessIdentity owner, ulong version) => (owner.StartTime << VersionBits) | (version & VersionMask);

    /// <summary>The owner, as far as it is known: a stamp of another claim says nothing.</summary>
    public static ProcessIdentity Read(ulong stamp, int pid, ulong version) =>
        new(pid, ((stamp ^ version) & VersionMask) == 0 ? stamp >> VersionBits : ProcessIdentity.UnknownStart);
}
