using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Buffers.Tests.Regions;

public class RegionNameTests
{
    private static readonly Arbitrary<string> s_texts = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""),
        Gen.Elements("a", "0", "7", "-", ".", "_", "é", "/", "\n", "+", " ").ArrayOf().Select(string.Concat),
        Gen.Elements("shop", "", "4711", "007", "0", "1", "+1", "99999999999999999999").ArrayOf(4)
            .Select(parts => string.Join('-', parts))).ToArbitrary();

    [Fact]
    public void WhatIsWrittenIsReadBack() => Prop.ForAll(
        s_texts,
        ArbMap.Default.ArbFor<(PositiveInt, ulong, NonNegativeInt)>(),
        (app, numbers) =>
        {
            var name = new RegionName(app, numbers.Item1.Get, numbers.Item2, numbers.Item3.Get);
            return RegionName.TryParse(name.ToString(), out RegionName read) && read == name;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void WhatIsReadIsWrittenBack() => Prop.ForAll(
        s_texts,
        text => !RegionName.TryParse(text, out RegionName name) || name.ToString() == text)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void AnyAppIsMadeFitForAFileName() => Prop.ForAll(
        s_texts,
        app => new RegionName(app, 1, 1, 0).App is { Length: > 0 and <= RegionName.AppLengthMax } fit
            && fit.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("shop", "shop-7-8-0")]
    [InlineData("../my shop-2/é", ".._my_shop_2__-7-8-0")]
    [InlineData("", "app-7-8-0")]
    public void NamesReadAsExpected(string app, string expected) =>
        Assert.Equal(expected, new RegionName(app, 7, 8, 0).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("shop")]
    [InlineData("shop-1-2")]
    [InlineData("-1-2-0")]
    [InlineData("shop-0-2-0")]
    [InlineData("shop-01-2-0")]
    [InlineData("shop-1-2-+0")]
    [InlineData("shop-1-2-0-0")]
    [InlineData("shop-2147483648-2-0")]
    [InlineData("sh/op-1-2-0")]
    [InlineData("shop-1-18446744073709551616-0")]
    public void OtherTextsAreRefused(string? text) => Assert.False(RegionName.TryParse(text, out _));
}
