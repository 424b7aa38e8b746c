using System.Runtime.InteropServices;
using Tarn.CommandLine;

namespace Tarn.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM cancel what runs; a second one within the same statement, not at the same moment, ends the process at once (the lake stays as it was: a
/// commit is one rename). The shell asks for a fresh token for each statement, so that Ctrl-C ends a statement and not the shell.
/// </summary>
internal sealed class Cancellation : IDisposable
{
    // One request to end can arrive as several signals: timeout(1) signals the process and then its group.
    private static readonly TimeSpan s_sameSignal = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly Action<int> _exit;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly CancellationTokenSource _process = new();
    private CancellationTokenSource? _statement;
    private long _signalledAt;

    /// <summary>Starts listening.</summary>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="exit">Ends the process with a code at once; null for the real end.</param>
    public Cancellation(TimeProvider? time = null, Action<int>? exit = null)
    {
        (_time, _exit) = (time ?? TimeProvider.System, exit ?? Environment.Exit);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
    }

    /// <summary>Cancelled when the process is to end.</summary>
    public CancellationToken Process => _process.Token;

    /// <summary>Runs one statement of a shell: Ctrl-C cancels its token alone.</summary>
    public async Task RunStatementAsync(Func<CancellationToken, Task> run)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_process.Token);
        _statement = source;
        try
        {
            await run(source.Token);
        }
        finally
        {
            _statement = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _process.Dispose();
    }

    /// <summary>Handles one signal that asks the process to end.</summary>
    internal void Terminate() => Cancel(_process);

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        Cancel(_statement ?? _process);
    }

    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        Terminate();
    }

    private void Cancel(CancellationTokenSource source)
    {
        if (!source.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _signalledAt, _time.GetTimestamp());
            source.Cancel();
        }
        else if (_time.GetElapsedTime(Interlocked.Read(ref _signalledAt)) >= s_sameSignal)
            _exit(ExitCode.Cancelled);
    }
}
