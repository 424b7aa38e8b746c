using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Testing.Access;

/// <summary>Identities in memory, for tests that need no disk.</summary>
public sealed class MemoryAccessStore : IAccessStore
{
    private readonly Lock _gate = new();
    private AccessRecords _records = AccessRecords.Empty;

    /// <summary>Runs before each commit, outside the lock: what another process does in between.</summary>
    public Func<Task>? BeforeCommit { get; set; }

    public ValueTask<AccessRecords> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return ValueTask.FromResult(_records);
    }

    public async ValueTask CommitAsync(string principal, long expectedVersion, IReadOnlyList<AccessRecordChange> changes, CancellationToken cancellationToken = default)
    {
        if (BeforeCommit is { } before)
            await before();
        lock (_gate)
        {
            if (_records.Version != expectedVersion)
                throw new CommitConflictException($"version {_records.Version}, expected {expectedVersion}");
            _records = changes.Aggregate(_records, (records, change) => records.Apply(expectedVersion + 1, change));
        }
    }
}
