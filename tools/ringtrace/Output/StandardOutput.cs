using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RingTrace.Tool.Output;

/// <summary>Standard output for long texts: a reader that goes away (<c>| head</c>) is noticed.</summary>
internal static class StandardOutput
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>EPIPE, which .NET hands on as it is.</summary>
    private const int BrokenPipe = 32;

    /// <summary>A writer in UTF-8; disposing it writes what is buffered.</summary>
    public static StreamWriter OpenText() => TextOn(Open());

    /// <summary>A writer as <see cref="OpenText"/>'s on another stream; disposing it closes the stream.</summary>
    public static StreamWriter TextOn(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes);

    /// <summary>A buffered stream; disposing it writes what is buffered.</summary>
    public static BufferedStream OpenBytes() => new(Open(), BufferBytes);

    /// <summary>Whether the error says that nobody reads any more.</summary>
    public static bool IsClosed(IOException error) => error.HResult == BrokenPipe;

    private static Stream Open()
    {
        // The console's stream swallows a broken pipe, and all the rest would be read for nobody. A file's stream does
        // not, but would leave the shared offset of a seekable file behind what it wrote: others write there too.
        FileStream raw = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return raw.CanSeek ? Console.OpenStandardOutput() : raw;
    }
}
