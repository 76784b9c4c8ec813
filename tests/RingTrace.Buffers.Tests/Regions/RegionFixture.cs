using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

/// <summary>Short ways to ask for a region and to write to it.</summary>
internal static unsafe class RegionFixture
{
    public const int Kibi = 1024;

    public static RegionRequest Request(
        string? directory,
        long ring = 256 * Kibi,
        long control = 16 * Kibi,
        (long, long)[]? now = null,
        Action<string>? warn = null,
        string app = "shop") =>
        new(app, directory, ring, control, now ?? [(0, ring)], warn ?? (line => Assert.Fail("unexpected: " + line)));

    public static void Fill(RegionMemory region, long offset, long length, byte value)
    {
        for (long i = offset; i < offset + length; i++)
        {
            region.Ring[i] = value;
        }

        GC.KeepAlive(region);
    }

    public static void FillAll(RegionMemory region)
    {
        Fill(region, 0, region.RingLength, 0xA5);
        new Span<byte>(region.Control, checked((int)region.ControlLength)).Fill(0x5A);
        GC.KeepAlive(region);
    }

    public static bool IsMapped(string text) => File.ReadAllText("/proc/self/maps").Contains(text);

    /// <summary>The permission bits, for example octal 600 as the number 0x180.</summary>
    public static int ModeOf(string path) => FileStatus.TryGet(path, out FileStatus status)
        ? status.Permissions
        : throw new FileNotFoundException(path);

    public static void ChangeMode(string path, uint mode) => Assert.Equal(0, Libc.ChangeMode(path, mode));
}
