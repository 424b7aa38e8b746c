namespace Tarn.Storage.Buckets.Files;

/// <summary>
/// Lets changes of one key follow one another, and readers notice that a change of file and record was under way. Keys share a fixed number of locks.
/// </summary>
internal sealed class KeyLocks : IDisposable
{
    private const int Count = 1024;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1))];

    // Odd while a change is under way.
    private readonly int[] _changes = new int[Count];

    public async ValueTask<Held> EnterAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        int number = Number(bucket, key);
        await _gates[number].WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Held(this, number);
    }

    /// <summary>The state of a key's changes; null while one is under way.</summary>
    public int? ReadState(string bucket, string key)
    {
        int state = Volatile.Read(ref _changes[Number(bucket, key)]);
        return (state & 1) == 0 ? state : null;
    }

    public void Dispose()
    {
        foreach (var gate in _gates)
            gate.Dispose();
    }

    private static int Number(string bucket, string key) => (int)((uint)HashCode.Combine(bucket, key) % Count);

    /// <summary>The lock of a key, to be disposed.</summary>
    internal readonly struct Held(KeyLocks owner, int number) : IDisposable
    {
        /// <summary>Says that files change from now on.</summary>
        public void BeginChange() => Interlocked.Increment(ref owner._changes[number]);

        /// <summary>Says that files and records agree again.</summary>
        public void EndChange() => Interlocked.Increment(ref owner._changes[number]);

        public void Dispose() => owner._gates[number].Release();
    }
}
