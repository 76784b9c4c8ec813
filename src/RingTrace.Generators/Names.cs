namespace RingTrace.Generators;

/// <summary>
/// The names that every format we write can hold as they are. ASCII only: metadata of the Common Trace Format
/// has no other identifiers.
/// </summary>
internal static class Names
{
    public const int MaximalLength = 64;

    public static bool IsProvider(string name) =>
        IsOfLength(name) && name.All(c => IsLetter(c) || IsDigit(c) || c is '-' or '.');

    public static bool IsEvent(string name) =>
        IsOfLength(name) && !IsDigit(name[0]) && name.All(c => IsLetter(c) || IsDigit(c));

    private static bool IsOfLength(string name) => name.Length is > 0 and <= MaximalLength;

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}
