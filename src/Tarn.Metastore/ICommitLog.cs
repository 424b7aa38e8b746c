using Tarn.Core.Errors;

namespace Tarn.Metastore;

/// <summary>
/// The store behind the catalog: an append-only log of commits, and the state that they give. Everything else (present state, history,
/// undrop, branches) is derived from the log. Implementations decide only where the log lies and how commits are put in order.
/// </summary>
public interface ICommitLog
{
    /// <summary>The newest state: at least as new as every commit acknowledged, to anyone, before the call. Never waits for a commit in progress.</summary>
    /// <exception cref="TarnException">DataCorrupted when the log is damaged, Unavailable when it cannot be read.</exception>
    ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a commit if its conditions hold. When the call returns, the commit is durable and visible to everybody.
    /// Cancelling works until the commit is being written.
    /// </summary>
    /// <exception cref="CommitConflictException">A condition expected another state; nothing was changed.</exception>
    /// <exception cref="CommitStateUnknownException">The log could not be written to its end: the commit may or may not stand. Read again to learn which.</exception>
    /// <exception cref="TarnException">NotFound, AlreadyExists, InvalidRequest for what the changes name; ResourceExhausted, PermissionDenied, Unavailable when the log cannot be written. Nothing was changed.</exception>
    ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default);

    /// <summary>Commits from a number on, oldest first, up to the newest at the time of the call.</summary>
    IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, CancellationToken cancellationToken = default);
}
