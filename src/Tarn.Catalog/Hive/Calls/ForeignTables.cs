using System.Collections.Immutable;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Catalogs;
using Partitions = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedDictionary<string, string>>;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>Tables of other formats: what the catalog keeps of them.</summary>
internal static class ForeignTables
{
    /// <summary>A new one, without partitions.</summary>
    public static ForeignTable New(HiveTable table) =>
        new(HiveProperties.Of(table), ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal));

    /// <summary>A changed one, with the partitions that it has.</summary>
    public static ForeignTable With(ForeignTable present, HiveTable next) => present with { Properties = HiveProperties.Of(next) };

    /// <summary>Changes the partitions of a table, on whatever state it has.</summary>
    /// <param name="changes">Changes of tables.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="database">Its database.</param>
    /// <param name="table">Its name.</param>
    /// <param name="change">Gives the partitions that it has from now on; the same object for no change.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="HiveFault">NoSuchObject: there is no such table; InvalidOperation: it is an Iceberg table, whose partitions are in its metadata.</exception>
    public static ValueTask ChangePartitionsAsync(
        ContendedChanges changes, ICatalog catalog, string database, string table, Func<HiveTable, Partitions, Partitions> change, CancellationToken cancellationToken) =>
        changes.RunAsync(HiveEntry.Described(catalog, database, table), () => RequireAsync(catalog, database, table, cancellationToken), async entry =>
        {
            if (entry is not HiveEntry.Foreign found)
                throw new HiveFault(HiveExceptionKind.InvalidOperation, $"{database}.{table} is an Iceberg table: its partitions are in its metadata and change with its data");
            var present = found.Handle.Table.Partitions;
            var next = change(found.ToTable(), present);
            if (!ReferenceEquals(next, present))
                await catalog.CommitForeignTableAsync(found.Name, found.Handle, found.Handle.Table with { Partitions = next }, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>The table; its partitions are none for one of Iceberg.</summary>
    /// <exception cref="HiveFault">NoSuchObject.</exception>
    public static async ValueTask<HiveEntry> RequireAsync(ICatalog catalog, string database, string table, CancellationToken cancellationToken) =>
        await HiveEntry.FindAsync(catalog, database, table, cancellationToken).ConfigureAwait(false) ?? throw HiveFault.NoTable(database, table);
}
