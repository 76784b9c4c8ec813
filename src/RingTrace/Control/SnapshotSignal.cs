using System.Globalization;
using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// SIGUSR2 makes a snapshot. The signal only wakes a thread that writes it; however many arrive while it does, one more
/// snapshot serves them all.
/// </summary>
internal sealed class SnapshotSignal : IDisposable
{
    /// <summary>No member of <see cref="PosixSignal"/>; a raw number is taken as it is.</summary>
    private const PosixSignal User2 = (PosixSignal)12;

    private readonly AutoResetEvent _wanted = new(false);
    private readonly FlightRecorder _recorder;
    private readonly string _directory;
    private readonly int _number;
    private readonly Thread _thread;
    private readonly PosixSignalRegistration _registration;
    private volatile bool _isDisposed;

    /// <param name="recorder">Whose snapshots.</param>
    /// <param name="directory">Where they go; made when it is missing.</param>
    public SnapshotSignal(FlightRecorder recorder, string directory)
    {
        _recorder = recorder;
        _directory = Path.GetFullPath(directory);
        _number = recorder.Region?.Number ?? 0;
        _registration = PosixSignalRegistration.Create(User2, context =>
        {
            // By default the signal ends the process.
            context.Cancel = true;
            _wanted.Set();
        });
        _thread = new Thread(Serve) { IsBackground = true, Name = "ringtrace signal" };
        _thread.Start();
    }

    /// <summary>Leaves the signal to the service again, and waits for a snapshot under way.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _isDisposed = true;
        _wanted.Set();
        _thread.Join();

        // The event is left to its finalizer: a signal that was on its way may still set it.
    }

    private void Serve()
    {
        while (_wanted.WaitOne() && !_isDisposed)
        {
            try
            {
                Directory.CreateDirectory(_directory);
                string name = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{RegionName.Sanitise(_recorder.Name)}-{Environment.ProcessId}-{_number}-{DateTime.UtcNow:yyyyMMdd'T'HHmmss.fff'Z'}");
                _recorder.Snapshot(Path.Combine(_directory, name), reason: "SIGUSR2");
            }
#pragma warning disable CA1031 // Whatever it is, the service goes on, and the next signal is heard.
            catch (Exception e)
#pragma warning restore CA1031
            {
                RecorderSettings.WarnerOf(_recorder.Options)($"SIGUSR2: no snapshot: {e.Message}");
            }
        }
    }
}
