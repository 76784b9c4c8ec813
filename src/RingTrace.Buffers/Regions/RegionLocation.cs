using System.Globalization;

namespace RingTrace.Buffers;

/// <summary>A directory for regions, and who chose it.</summary>
/// <param name="Path">Absolute, without a slash at its end.</param>
/// <param name="Setting">
/// What chose it, as an error message names it; null for the default directory, which is the recorder's own
/// affair: it is made when missing, nobody else may look into it, and where it cannot be had memory will do.
/// </param>
internal sealed record RegionLocation(string Path, string? Setting)
{
    /// <summary>The setting that chooses the directory.</summary>
    public const string Variable = "RINGTRACE_DIR";

    private const string SharedMemory = "/dev/shm";

    /// <summary>Chosen by a person: what is wrong with it is an error, not a reason to take something else.</summary>
    public bool IsExplicit => Setting is not null;

    /// <summary>For messages: the path, and what it came from.</summary>
    public string Description => Setting is null ? Path : $"{Path} ({Setting})";

    /// <summary>
    /// The directory that was asked for; without one <c>RINGTRACE_DIR</c>, else the user's own in /dev/shm.
    /// </summary>
    public static RegionLocation Resolve(string? directory)
    {
        if (!string.IsNullOrEmpty(directory))
        {
            return new RegionLocation(Normalise(directory), "set in code");
        }

        string? variable = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(variable)
            ? Default(SharedMemory)
            : new RegionLocation(Normalise(variable), Variable);
    }

    /// <summary>The user's own directory below another one.</summary>
    public static RegionLocation Default(string parent) => new(
        string.Create(CultureInfo.InvariantCulture, $"{parent}/ringtrace-{Libc.GetEffectiveUser()}"), null);

    // "link/" would follow the link; "link" does not.
    private static string Normalise(string path) =>
        System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
}
