using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Filtering;

/// <summary>Reads what an option was given; what it can't be is a usage error that says what it must be.</summary>
internal static class OptionValues
{
    /// <param name="result">The option's one token.</param>
    /// <param name="parse">Null for what it is not.</param>
    /// <param name="expected">What it must be.</param>
    public static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, string expected)
    {
        T? value = parse(result.Tokens[0].Value);
        if (value is null)
        {
            result.AddError($"{NameOf(result)} must be {expected}, not '{result.Tokens[0].Value}'.");
        }

        return value;
    }

    /// <summary>In nanoseconds.</summary>
    public static long? Duration(ArgumentResult result) => Parse<long?>(
        result, text => Durations.TryParse(text, out long length) ? length : null, $"a number with {Durations.Units}");

    /// <summary>In bytes.</summary>
    public static long? Size(ArgumentResult result) => Parse<long?>(
        result, text => Units.TryParseBytes(text, out long bytes) ? bytes : null, "a number of bytes, with K, M or G");

    /// <summary>Has a number be refused that is out of bounds. What is no number has its own error already.</summary>
    public static void Bound(Option option, long least, long most = long.MaxValue) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: string text }] && long.TryParse(text, CultureInfo.InvariantCulture, out long value)
            && (value < least || value > most))
        {
            result.AddError(most == long.MaxValue
                ? $"{option.Name} must be {least} or more, not {value}." : $"{option.Name} must be from {least} to {most}, not {value}.");
        }
    });

    /// <summary>
    /// An argument for files or directories: an option that the command does not have is refused, and not looked for. One that is called
    /// so may be named, if it is there.
    /// </summary>
    public static Argument<T> OfPaths<T>(Argument<T> argument) =>
        WithoutOptions(argument, static path => Path.Exists(path) ? null : $"There is no option '{path}', and no such file.");

    /// <summary>The same for a file that is made: it is named with its directory, if it is to be called so.</summary>
    public static Argument<T> OfNewFile<T>(Argument<T> argument) =>
        WithoutOptions(argument, static path => $"There is no option '{path}'; a file of that name is './{path}'.");

    private static Argument<T> WithoutOptions<T>(Argument<T> argument, Func<string, string?> refuse)
    {
        argument.Validators.Add(result =>
        {
            foreach (string path in result.Tokens.Select(token => token.Value).Where(static path => path is ['-', _, ..]))
            {
                if (refuse(path) is { } message)
                {
                    result.AddError(message);
                }
            }
        });
        return argument;
    }

    /// <summary>The trace that a command is about.</summary>
    public static Argument<string> Trace() =>
        OfPaths(new Argument<string>("TRACE") { Description = "A trace's directory, or one above several" });

    public static string NameOf(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;
}
