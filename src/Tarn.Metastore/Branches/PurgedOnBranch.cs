using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>Finds in the log which tables a branch has purged since it was last equal to another one, by the names that they had then.</summary>
internal sealed class PurgedOnBranch
{
    // What stands under a name now, by the name that it had in the common state; null for what is new.
    private readonly Dictionary<TableIdentifier, TableIdentifier?> _names = [];
    private readonly Dictionary<DroppedKey, TableIdentifier?> _dropped = [];
    private readonly HashSet<TableIdentifier> _purged = [];

    private PurgedOnBranch()
    {
    }

    /// <summary>Reads the log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="at">The branch.</param>
    /// <param name="baseNumber">Number of the commit after which the two were equal.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask<IReadOnlySet<TableIdentifier>> FindAsync(ICommitLog log, CatalogAddress at, long baseNumber, CancellationToken cancellationToken)
    {
        var found = new PurgedOnBranch();
        await foreach (var commit in log.ReadHistoryAsync(baseNumber + 1, cancellationToken).ConfigureAwait(false))
        {
            if (commit.At == at)
                found.Follow(commit);
        }

        return found._purged;
    }

    private void Follow(CommitRecord commit)
    {
        int ordinal = 0;
        foreach (var change in commit.Changes)
        {
            switch (change)
            {
                case CatalogChange.DropTable drop:
                    Drop(drop, drop.Retention is null ? null : new DroppedKey(commit.Number, ordinal++));
                    break;
                case CatalogChange.DropView { Retention: not null }:
                    ordinal++;
                    break;
                case CatalogChange.RenameTable rename:
                    _names[rename.To] = Original(rename.From);
                    _names[rename.From] = null;
                    break;
                case CatalogChange.Undrop undrop when _dropped.GetValueOrDefault(undrop.Dropped) is { } original:
                    _names[undrop.Name] = original;
                    _purged.Remove(original);
                    break;
            }
        }
    }

    private void Drop(CatalogChange.DropTable drop, DroppedKey? key)
    {
        var original = Original(drop.Table);
        _names[drop.Table] = null;
        if (key is { } dropped)
            _dropped[dropped] = original;
        if (original is not null && drop.Retention is { IsPurged: true })
            _purged.Add(original);
    }

    private TableIdentifier? Original(TableIdentifier name) => _names.TryGetValue(name, out var original) ? original : name;
}
