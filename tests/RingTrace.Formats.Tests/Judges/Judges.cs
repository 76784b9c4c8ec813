using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>Programs of others that judge what we write and read.</summary>
internal static class Judges
{
    private const string Variable = "RINGTRACE_JUDGES";
    private const string Required = "required";

    /// <summary>Skips the test; fails it where RINGTRACE_JUDGES=required says that all judges are there.</summary>
    [DoesNotReturn]
    public static void Missing(string why)
    {
        if (Environment.GetEnvironmentVariable(Variable) == Required)
        {
            Assert.Fail($"{why}, and {Variable}={Required} asks for it");
        }

        Assert.Skip(why);
    }
}
