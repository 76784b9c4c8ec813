namespace RingTrace.Generators.Tests;

public class PlaceholderTests
{
    [Xunit.Fact]
    public void Builds() => Xunit.Assert.Equal(4, 2 + 2);
}
