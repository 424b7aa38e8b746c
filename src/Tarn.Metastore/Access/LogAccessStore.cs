using Tarn.Access.Store;

namespace Tarn.Metastore.Access;

/// <summary>Identities and policies in the commit log, beside the catalog: one order of changes, one durability, one history.</summary>
/// <param name="log">The log.</param>
public sealed class LogAccessStore(ICommitLog log) : IAccessStore
{
    /// <inheritdoc/>
    public async ValueTask<AccessRecords> ReadAsync(CancellationToken cancellationToken = default) =>
        (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).Access;

    /// <inheritdoc/>
    public async ValueTask CommitAsync(string principal, long expectedVersion, IReadOnlyList<AccessRecordChange> changes, CancellationToken cancellationToken = default)
    {
        // Records of the log are lines.
        if (changes.FirstOrDefault(c => c.Document?.AsSpan().ContainsAny('\n', '\r') ?? false) is { } broken)
            throw new ArgumentException($"The document of {broken.Key} has more than one line.", nameof(changes));
        await log.AppendAsync(
            new CommitRequest(principal, [new CommitCondition.AccessIs(expectedVersion)], [.. changes.Select(c => new CatalogChange.ChangeAccess(c))]),
            cancellationToken).ConfigureAwait(false);
    }
}
