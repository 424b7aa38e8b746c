using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>What a name of this protocol leads to: an Iceberg table, an Iceberg view, or a table of another format.</summary>
internal abstract record HiveEntry(TableIdentifier Name)
{
    /// <summary>As a table of the metastore.</summary>
    public abstract HiveTable ToTable();

    /// <summary>A name as a person would say it, the same for all spellings that find the same.</summary>
    public static string Described(ICatalog catalog, string database, string table) => $"table '{database}.{table}' of {catalog.Address}".ToLowerInvariant();

    /// <summary>
    /// Looks a name up: as it is, and then in lower case, which is how this protocol writes names. Null when there is nothing.
    /// </summary>
    public static async ValueTask<HiveEntry?> FindAsync(ICatalog catalog, string database, string table, CancellationToken cancellationToken)
    {
        if (database.Length == 0 || table.Length == 0)
            return null;
        var exact = TableIdentifier.Of(database, table);
        var lower = TableIdentifier.Of(database.ToLowerInvariant(), table.ToLowerInvariant());
        return await FindExactAsync(catalog, exact, cancellationToken).ConfigureAwait(false)
            ?? (exact == lower ? null : await FindExactAsync(catalog, lower, cancellationToken).ConfigureAwait(false));
    }

    private static async ValueTask<HiveEntry?> FindExactAsync(ICatalog catalog, TableIdentifier name, CancellationToken cancellationToken)
    {
        if (await catalog.LoadTableAsync(name, cancellationToken).ConfigureAwait(false) is { } table)
            return new IcebergTable(table);
        if (await catalog.LoadForeignTableAsync(name, cancellationToken).ConfigureAwait(false) is { } foreign)
            return new Foreign(foreign);
        return await catalog.LoadViewAsync(name, cancellationToken).ConfigureAwait(false) is { } view ? new IcebergView(view) : null;
    }

    /// <summary>An Iceberg table.</summary>
    public sealed record IcebergTable(TableHandle Handle) : HiveEntry(Handle.Identifier)
    {
        /// <inheritdoc/>
        public override HiveTable ToTable() => IcebergHiveTable.Of(Handle);
    }

    /// <summary>An Iceberg view.</summary>
    public sealed record IcebergView(ViewHandle Handle) : HiveEntry(Handle.Identifier)
    {
        /// <inheritdoc/>
        public override HiveTable ToTable() => IcebergHiveTable.Of(Handle);
    }

    /// <summary>A table of another format, or a view that is not Iceberg's.</summary>
    public sealed record Foreign(ForeignTableHandle Handle) : HiveEntry(Handle.Identifier)
    {
        /// <inheritdoc/>
        public override HiveTable ToTable() => HiveProperties.ToTable(Handle.Table.Properties, Name.Namespace.Levels[0], Name.Name);
    }
}
