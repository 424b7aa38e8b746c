using System.Runtime.ExceptionServices;

namespace Tarn.Engine.Functions;

/// <summary>
/// Deleted keys that are read beside the preparation of the query that asks for them, so that a processor which has nothing to do meanwhile does it. Whoever
/// asks before that began reads them himself.
/// </summary>
/// <param name="read">Reads them.</param>
/// <param name="cancellationToken">Ends reading.</param>
internal sealed class KeyLoading(Func<CancellationToken, DeletedKeys> read, CancellationToken cancellationToken) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private DeletedKeys? keys;
    private ExceptionDispatchInfo? failure;

    /// <summary>The keys, once they are read; every time what reading threw, if it did.</summary>
    public DeletedKeys Keys
    {
        get
        {
            if (Volatile.Read(ref keys) is { } known)
                return known;
            Load();
            failure?.Throw();
            return keys!;
        }
    }

    /// <summary>Begins to read on another thread.</summary>
    public void Begin() => ThreadPool.UnsafeQueueUserWorkItem(static loading => loading.Load(), this, preferLocal: false);

    /// <summary>Ends reading, and returns when it has ended.</summary>
    public void Dispose()
    {
        ended.Cancel();
        lock (gate)
            failure ??= ExceptionDispatchInfo.Capture(new ObjectDisposedException(nameof(KeyLoading)));
        ended.Dispose();
    }

    private void Load()
    {
        lock (gate)
        {
            if (keys is not null || failure is not null)
                return;
            try
            {
                Volatile.Write(ref keys, read(ended.Token));
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        }
    }
}
