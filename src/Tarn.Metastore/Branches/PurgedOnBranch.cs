using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Branches;

/// <summary>
/// Finds in the log which tables a branch has purged since it was last equal to another one, by the names that they had then. The last drop of a table decides: whoever registers a purged one
/// again and drops it without purge keeps its files. What was read once is not read again.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="at">The branch.</param>
internal sealed class PurgedOnBranch(ICommitLog log, CatalogAddress at)
{
    // What stands under a name now, where the branch changed it.
    private readonly Dictionary<TableIdentifier, Table?> _tables = [];
    private readonly Dictionary<DroppedKey, Table> _kept = [];
    private readonly HashSet<Table> _dropped = [];
    private BranchOrigin? _origin;
    private long _number;

    /// <summary>Reads the log from where it was read last.</summary>
    /// <param name="origin">When the two were equal, and in what state.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IReadOnlySet<TableIdentifier>> FindAsync(BranchOrigin origin, CancellationToken cancellationToken)
    {
        if (_origin?.BaseNumber != origin.BaseNumber)
            StartAt(origin);
        await foreach (var commit in log.ReadHistoryAsync(_number + 1, cancellationToken).ConfigureAwait(false))
        {
            if (commit.At == at)
                Follow(commit);
            _number = commit.Number;
        }

        return _dropped.Where(t => t.IsPurged).Select(t => t.Original).OfType<TableIdentifier>().ToHashSet();
    }

    private void StartAt(BranchOrigin origin)
    {
        _tables.Clear();
        _kept.Clear();
        _dropped.Clear();
        (_origin, _number) = (origin, origin.BaseNumber);
    }

    private void Follow(CommitRecord commit)
    {
        int ordinal = 0;
        foreach (var change in commit.Changes)
        {
            switch (change)
            {
                case CatalogChange.PutTable put:
                    Put(put);
                    break;
                case CatalogChange.DropTable drop:
                    Drop(drop, drop.Retention is null ? null : new DroppedKey(commit.Number, ordinal++));
                    break;
                case CatalogChange.DropView { Retention: not null }:
                    ordinal++;
                    break;
                case CatalogChange.RenameTable rename:
                    _tables[rename.To] = Find(rename.From);
                    _tables[rename.From] = null;
                    break;
                case CatalogChange.Undrop undrop:
                    _tables[undrop.Name] = Take(_kept.GetValueOrDefault(undrop.Dropped));
                    break;
            }
        }
    }

    private void Put(CatalogChange.PutTable put)
    {
        var present = Find(put.Table);
        var next = CatalogPointer.Of(put, present?.Pointer.FormerFolders ?? []);
        var table = present ?? Take(_dropped.FirstOrDefault(t => t.Pointer.IsOneWith(next))) ?? new Table(null, next);
        table.Pointer = next;
        _tables[put.Table] = table;
    }

    private void Drop(CatalogChange.DropTable drop, DroppedKey? key)
    {
        var table = Find(drop.Table);
        _tables[drop.Table] = null;
        if (table is null)
            return;
        table.IsPurged = drop.Retention is { IsPurged: true };
        _dropped.Add(table);
        if (key is { } kept)
            _kept[kept] = table;
    }

    // It is there again.
    private Table? Take(Table? table)
    {
        if (table is not null)
            _dropped.Remove(table);
        return table;
    }

    private Table? Find(TableIdentifier name)
    {
        if (!_tables.TryGetValue(name, out var table) && _origin!.Base.FindTable(name) is { } common)
            _tables[name] = table = new Table(name, CatalogPointer.Of(name, common));
        return table;
    }

    private sealed class Table(TableIdentifier? original, CatalogPointer pointer)
    {
        /// <summary>The name that it had in the common state; null for what is new.</summary>
        public TableIdentifier? Original => original;

        /// <summary>What it is now, or was when it was dropped.</summary>
        public CatalogPointer Pointer { get; set; } = pointer;

        public bool IsPurged { get; set; }
    }
}
