namespace RingTrace.Packets.Input.Unpacking;

/// <summary>One way to unpack, a step at a time.</summary>
internal interface IUnpacker : IDisposable
{
    /// <summary>Whether a packed stream just ended, so that the file may end here.</summary>
    bool IsComplete { get; }

    /// <summary>Unpacks what fits.</summary>
    /// <param name="packed">An array that does not move.</param>
    /// <param name="offset">Where the packed bytes are in it.</param>
    /// <param name="length">How many; 0 when there are no more to come.</param>
    /// <param name="output">An array that does not move.</param>
    /// <returns>How many bytes were taken and how many were made; what is wrong, or null.</returns>
    (int Taken, int Made, string? Problem) Step(byte[] packed, int offset, int length, byte[] output);
}
