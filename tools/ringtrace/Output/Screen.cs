namespace RingTrace.Tool.Output;

/// <summary>A terminal that shows the same thing again and again, each over the one before; what is no terminal gets one below the other.</summary>
internal static class Screen
{
    private const string Clear = "\e[H\e[2J";
    private const int LeastRows = 8;

    /// <summary>Makes room for what is shown next.</summary>
    /// <param name="otherLines">Lines of it that are no rows.</param>
    /// <returns>How many rows it may have.</returns>
    public static int Begin(int otherLines)
    {
        if (Console.IsOutputRedirected)
        {
            return int.MaxValue;
        }

        Console.Out.Write(Clear);
        return Math.Max(LeastRows, Console.WindowHeight - otherLines);
    }
}
