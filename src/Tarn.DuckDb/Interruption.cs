using Tarn.DuckDb.Native;

namespace Tarn.DuckDb;

/// <summary>
/// Interrupts a running statement when a token is cancelled. DuckDB clears the interrupt mark when a statement begins, so a single
/// interrupt that comes a moment early is lost: it is repeated until the call has returned.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan RepeatEvery = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly ConnectionHandle _connection;
    private readonly CancellationTokenRegistration _registration;
    private Timer? _timer;
    private bool _done;

    private Interruption(ConnectionHandle connection, CancellationToken cancellation)
    {
        // Held open until the call has returned: a connection closed meanwhile must not be interrupted.
        var held = false;
        connection.DangerousAddRef(ref held);
        _connection = connection;
        _registration = cancellation.UnsafeRegister(static state => ((Interruption)state!).Start(), this);
    }

    /// <summary>Watches a token around one native call; null when the token can never be cancelled.</summary>
    /// <exception cref="OperationCanceledException">The token is cancelled already.</exception>
    internal static Interruption? Watch(ConnectionHandle connection, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return cancellation.CanBeCanceled ? new Interruption(connection, cancellation) : null;
    }

    private void Start()
    {
        lock (_gate)
        {
            if (!_done)
                _timer = new Timer(static state => ((Interruption)state!).Interrupt(), this, TimeSpan.Zero, RepeatEvery);
        }
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            if (!_done)
                NativeMethods.duckdb_interrupt(_connection);
        }
    }

    /// <summary>After this no interrupt reaches the connection any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _done = true;
        }
        _registration.Dispose();
        _timer?.Dispose();
        _connection.DangerousRelease();
    }
}
