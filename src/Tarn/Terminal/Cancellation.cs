using System.Runtime.InteropServices;
using Tarn.CommandLine;

namespace Tarn.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM cancel what runs; a second one within the same statement ends the process at once (the lake stays as it was: a
/// commit is one rename). The shell asks for a fresh token for each statement, so that Ctrl-C ends a statement and not the shell.
/// </summary>
internal sealed class Cancellation : IDisposable
{
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly CancellationTokenSource _process = new();
    private CancellationTokenSource? _statement;

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

    private static void Cancel(PosixSignalContext context, CancellationTokenSource source)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
            Environment.Exit(ExitCode.Cancelled);
        source.Cancel();
    }
}
