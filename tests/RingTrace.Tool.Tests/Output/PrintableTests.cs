using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("shop \u00fc \u65e5 \ud83d\ude00", "shop \u00fc \u65e5 \ud83d\ude00")]
    [InlineData("a\e[2Jb\u009bc\u007f", "a?[2Jb?c?")]
    [InlineData("one\ntwo\u2028three\tfour", "one two three?four")]
    [InlineData("\u202egnirts\u200b", "?gnirts?")]
    public void What_a_terminal_would_obey_or_hide_is_a_question_mark(string text, string printed) =>
        Assert.Equal(printed, Printable.Of(text));
}
