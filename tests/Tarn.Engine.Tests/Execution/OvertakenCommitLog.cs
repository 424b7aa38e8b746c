using Tarn.Metastore;

namespace Tarn.Engine.Tests.Execution;

/// <summary>A log in front of which somebody else comes first, once: between the look of a statement and its commit.</summary>
internal sealed class OvertakenCommitLog(ICommitLog inner) : ICommitLog
{
    private Func<Task>? overtake;

    /// <summary>What happens before the next commit.</summary>
    public void Before(Func<Task> other) => overtake = other;

    public ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

    public async ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref overtake, null) is { } other)
            await other();
        return await inner.AppendAsync(request, cancellationToken);
    }

    public IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, CancellationToken cancellationToken = default) => inner.ReadHistoryAsync(fromNumber, cancellationToken);
}
