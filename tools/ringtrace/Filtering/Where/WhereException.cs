namespace RingTrace.Tool.Filtering;

/// <summary>An expression is none: where, what was expected, what is there.</summary>
/// <param name="column">Counted from 1.</param>
/// <param name="expected">With its article.</param>
/// <param name="found">As people can recognise it.</param>
internal sealed class WhereException(int column, string expected, string found)
    : FormatException($"column {column}: expected {expected}, found {found}");
