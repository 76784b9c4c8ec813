namespace RingTrace.Formats;

/// <summary>Whose memory a packet lies in that is read where it lies.</summary>
internal interface IPacketOwner
{
    /// <summary>The packet has been read, or will not be: called once.</summary>
    void Release();
}
