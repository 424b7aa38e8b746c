using System.Runtime.InteropServices;
using Tarn.CommandLine;

namespace Tarn.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM cancel what runs; a second one within the same statement ends the process at once (the lake stays as it was: a
/// commit is one rename). The shell asks for a fresh token for each statement, so that Ctrl-C ends a statement and not the shell.
/// </summary>
internal sealed class Cancellation : IDisposable
{
    // One request to end can arrive as several signals: timeout(1) signals the process and then its group.
    private static readonly TimeSpan s_sameSignal = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly CancellationTokenSource _process = new();
    private CancellationTokenSource? _statement;
    private long _signalledAt;

    /// <summary>Starts listening.</summary>
    public Cancellation()
    {
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

    private void OnInterrupt(PosixSignalContext context) => Cancel(context, _statement ?? _process);

    private void OnTerminate(PosixSignalContext context) => Cancel(context, _process);

    private void Cancel(PosixSignalContext context, CancellationTokenSource source)
    {
        context.Cancel = true;
        if (!source.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _signalledAt, _time.GetTimestamp());
            source.Cancel();
        }
        else if (_time.GetElapsedTime(Interlocked.Read(ref _signalledAt)) >= s_sameSignal)
            Environment.Exit(ExitCode.Cancelled);
    }
}
