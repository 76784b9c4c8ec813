using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace RingTrace.Tool.Output;

/// <summary>What is said of a command line that can't be understood.</summary>
internal static class UsageErrors
{
    /// <summary>
    /// The library's own message; but where it names a type of .NET, because a value is none of it, what the value has to be.
    /// </summary>
    public static string MessageOf(ParseError error)
    {
        SymbolResult? at = error.SymbolResult is ArgumentResult { Parent: OptionResult parent } ? parent : error.SymbolResult;
        (string name, Type? type, string? values) = at switch
        {
            OptionResult { Option: var option } => (option.Name, option.ValueType, option.HelpName),
            ArgumentResult { Argument: var argument } => (argument.Name, argument.ValueType, null),
            _ => ("", null, null),
        };
        return type is not null && error.Message.Contains(type.ToString(), StringComparison.Ordinal) && at!.Tokens is [.., { Value: var text }]
            ? $"{name} takes {Expected(Nullable.GetUnderlyingType(type) ?? type, values, text)}, not '{text}'." : error.Message;
    }

    private static string Expected(Type type, string? values, string text)
    {
        if (type != typeof(int) && type != typeof(long))
        {
            return values ?? "another value";
        }

        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? $"a whole number up to {(type == typeof(int) ? int.MaxValue : long.MaxValue)}" : "a whole number";
    }
}
