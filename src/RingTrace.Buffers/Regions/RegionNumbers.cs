namespace RingTrace.Buffers;

/// <summary>
/// The numbers that the recorders of this process carry in their names. Files are told apart by their
/// names anyway; memory files are not, and a tool shows both in one list. Safe from any thread.
/// </summary>
internal static class RegionNumbers
{
    private static readonly Lock s_gate = new();
    private static readonly HashSet<int> s_taken = [];

    /// <summary>Takes the lowest number, from the first on, that no recorder of this process has.</summary>
    public static int Take(int first)
    {
        lock (s_gate)
        {
            int number = first;
            while (!s_taken.Add(number))
            {
                number++;
            }

            return number;
        }
    }

    /// <summary>Gives a number back.</summary>
    public static void Return(int number)
    {
        lock (s_gate)
        {
            s_taken.Remove(number);
        }
    }
}
