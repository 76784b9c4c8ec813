using RingTrace.Tests.Events;
using Xunit;

namespace RingTrace.Tests.Snapshot;

public sealed class SnapshotTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_field_type_is_read_back_by_babeltrace2()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        TestEvents.Small(-1, int.MaxValue);
        TestEvents.Nothing();
        TestEvents.Integers(
            sbyte.MinValue, byte.MaxValue, short.MinValue, ushort.MaxValue, int.MinValue, uint.MaxValue,
            long.MinValue, ulong.MaxValue, 'A');
        TestEvents.Others(true, 1.5f, -2.25, Colour.Green, new Guid("00112233-4455-6677-8899-aabbccddeeff"));
        TestEvents.Texts("Gr\u00e4z\0\ud800", "chars", [1, 2, 3]);
        TestEvents.Texts(null, [], []);
        using (TestEvents.Work(7))
        {
            TestEvents.Detail(1);
        }

        recorder.Snapshot(_directory["trace"]);
        (string[] lines, string errors) = Babeltrace.Read(_directory["trace"]);
        Assert.Empty(errors);
        string[] expected =
        [
            "Test:Small| { id = -1, value = 2147483647 }",
            "Test:Nothing|",
            "Test:Integers| { i8 = -128, u8 = 255, i16 = -32768, u16 = 65535, i32 = -2147483648, u32 = 4294967295, "
                + "i64 = -9223372036854775808, u64 = 18446744073709551615, c = 65 }",
            "Test:Others| { yes = 1, f = 1.5, d = -2.25, colour = ( \"Green\" : container = 2 ), guid = [ [0] = 0, [1] = 17, [2] = 34, [3] = 51, "
                + "[4] = 68, [5] = 85, [6] = 102, [7] = 119, [8] = 136, [9] = 153, [10] = 170, [11] = 187, "
                + "[12] = 204, [13] = 221, [14] = 238, [15] = 255 ] }",
            "Test:Texts| { text = \"Gr\u00e4z\u2400\ufffd\", chars = \"chars\", _blob_total = 3, _blob_length = 3, "
                + "blob = [ [0] = 1, [1] = 2, [2] = 3 ] }",
            "Test:Texts| { text = \"\", chars = \"\", _blob_total = 0, _blob_length = 0, blob = [ ] }",
        ];
        Assert.Equal(8, lines.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            string[] parts = expected[i].Split('|');
            Assert.Contains($" {parts[0]}: {{", lines[i], StringComparison.Ordinal);
            Assert.EndsWith(parts[1], lines[i].TrimEnd(), StringComparison.Ordinal);
        }

        Assert.Contains("Test:Work_begin", lines[6], StringComparison.Ordinal);
        Assert.Contains("item = 7", lines[6], StringComparison.Ordinal);
        Assert.Contains("Test:Work_end", lines[7], StringComparison.Ordinal);
    }

    [Fact]
    public void The_threads_that_live_are_named()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        using ManualResetEventSlim named = new(), done = new();
        Thread thread = new(() =>
        {
            named.Set();
            done.Wait();
        })
        {
            Name = "a \"name\"",
        };
        thread.Start();
        named.Wait(TestContext.Current.CancellationToken);
        recorder.Snapshot(_directory["trace"]);
        done.Set();
        thread.Join();
        Assert.Matches("""\n    ringtrace_thread_\d+ = "a \\"name\\"";\n""", File.ReadAllText(_directory["trace/metadata"]));
    }
}
