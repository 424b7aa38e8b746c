using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <content>Tables of other formats.</content>
public sealed partial class EmbeddedCatalog
{
    /// <summary>Most partitions of one table: all of them are held in memory and written to every checkpoint.</summary>
    private const int MaxPartitions = 100_000;

    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListForeignTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (@namespace.IsRoot)
            return new Page<TableIdentifier>([]);
        return Paging.Of(state.RequireNamespace(@namespace).ForeignTables.Keys.Select(t => new TableIdentifier(@namespace, t)), page, t => t.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle?> LoadForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).FindForeignTable(table) is { } entry
            ? new ForeignTableHandle(table, entry.Version, new ForeignTable(entry.Properties, entry.Partitions))
            : null;

    /// <inheritdoc/>
    public async ValueTask<ForeignTableHandle> CommitForeignTableAsync(
        TableIdentifier table, ForeignTableHandle? baseTable, ForeignTable description, CancellationToken cancellationToken = default)
    {
        if (baseTable is null)
            CatalogNames.RequireNew(table);
        if (description.Partitions.Count > MaxPartitions)
            throw new TarnException(ErrorKind.ResourceExhausted, $"Table '{table}' would have {description.Partitions.Count} partitions; {MaxPartitions} is the limit. Make an Iceberg table of it, which has none.");
        var before = baseTable?.Table.Partitions;
        var changed = before is null ? description.Partitions : description.Partitions.RemoveRange(before.Where(p => ReferenceEquals(description.Partitions.GetValueOrDefault(p.Key), p.Value)).Select(p => p.Key));
        var commit = await AppendAsync(
            [new CommitCondition.ForeignTableIs(table, baseTable?.Version)],
            [new CatalogChange.PutForeignTable(table, description.Properties, changed, [.. before?.Keys.Where(p => !description.Partitions.ContainsKey(p)) ?? []])],
            cancellationToken).ConfigureAwait(false);
        return new ForeignTableHandle(table, commit.Number, description);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropForeignTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        await RetryAsync($"table '{table}'", async state =>
        {
            if (state.FindForeignTable(table) is not { } entry)
                return false;
            await AppendAsync([new CommitCondition.ForeignTableIs(table, entry.Version)], [new CatalogChange.DropForeignTable(table)], cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask RenameForeignTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(to);
        await AppendAsync([], [new CatalogChange.RenameForeignTable(from, to)], cancellationToken).ConfigureAwait(false);
    }
}
