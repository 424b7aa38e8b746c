using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Catalog.Hive.Clients;

/// <content>Tables beside their commits.</content>
public sealed partial class HiveCatalog
{
    // Tables asked for at once; each may have long parameters.
    private const int TablesPerCall = 100;
    private const int LocationIdLength = 8;

    private bool _isOldVersion;

    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        @namespace.IsRoot ? new Page<TableIdentifier>([]) : await ListAsync(@namespace, HiveKind.Table, page, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        await FindAsync(table, HiveKind.Table, cancellationToken).ConfigureAwait(false) is { } found ? await LoadAsync(table, found, cancellationToken).ConfigureAwait(false) : null;

    /// <inheritdoc/>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        CatalogNames.Require(table);
        var database = await RequireDatabaseAsync(table.Namespace, cancellationToken).ConfigureAwait(false);
        string above = database.LocationUri is { Length: > 0 } own ? own : _options.WarehouseLocation is { } warehouse ? $"{warehouse.TrimEnd('/')}/{database.Name}.db"
            : throw TarnException.Invalid($"Nothing says where table '{table}' should lie: database '{database.Name}' has no location. Set catalog.hive.warehouse, or create the table WITH (location = '…').");
        string id = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", LocationIdLength);
        return $"{above.TrimEnd('/')}/{CatalogNames.ForLocation(table.Name)}-{id}";
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default)
    {
        RequireName(table);
        if (replaced is null)
            await RequireFreeAsync(table, cancellationToken).ConfigureAwait(false);
        var (metadata, content) = await _files.ReadStoredTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        var handle = new TableHandle(table, metadataLocation, metadata) { Content = content };
        if (replaced is null)
            await CreateAsync(table, IcebergHiveTable.Of(handle), cancellationToken).ConfigureAwait(false);
        else
            await MoveAsync(table, HiveKind.Table, replaced.MetadataLocation, metadataLocation, present => Next(present, replaced, handle), cancellationToken).ConfigureAwait(false);
        return handle;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(table, HiveKind.Table, cancellationToken).ConfigureAwait(false) is not { } found)
            return false;
        if (!purge)
            return await DropAsync(table, cancellationToken).ConfigureAwait(false);
        var last = await LoadAsync(table, found, cancellationToken).ConfigureAwait(false);
        await RequirePurgeableAsync(last, cancellationToken).ConfigureAwait(false);
        var files = await PurgedFilesAsync(last, cancellationToken).ConfigureAwait(false);
        if (!await DropAsync(table, cancellationToken).ConfigureAwait(false))
            return false;
        await UnusedFiles.RemoveAsync(_store, files).ConfigureAwait(false);
        return true;
    }

    /// <summary>Forgets a table. The metastore drops without comparing: under its lock of the table nobody who takes it too commits in between.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(table, HiveKind.Table, cancellationToken).ConfigureAwait(false) is null)
            return null;
        await using var held = await LockAsync(table, cancellationToken).ConfigureAwait(false);
        var last = await LoadTableAsync(table, cancellationToken).ConfigureAwait(false);
        return last is not null && await DropAsync(table, cancellationToken).ConfigureAwait(false) ? last : null;
    }

    /// <inheritdoc/>
    public ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) => RenameAsync(from, to, HiveKind.Table, cancellationToken);

    private async ValueTask RenameAsync(TableIdentifier from, TableIdentifier to, HiveKind kind, CancellationToken cancellationToken)
    {
        RequireName(to);
        var present = await FindAsync(from, kind, cancellationToken).ConfigureAwait(false) ?? throw Missing(from, kind);
        await RequireFreeAsync(to, cancellationToken).ConfigureAwait(false);
        string location = LocationOf(from, present);
        await MoveAsync(from, kind, location, location, found => found.Changed(1, to.Name).Changed(2, to.Namespace.Levels[0]), cancellationToken, to).ConfigureAwait(false);
    }

    private async ValueTask<Page<TableIdentifier>> ListAsync(Namespace name, HiveKind kind, PageRequest page, CancellationToken cancellationToken)
    {
        var database = await RequireDatabaseAsync(name, cancellationToken).ConfigureAwait(false);
        var tables = await TablesAsync(database.Name, cancellationToken).ConfigureAwait(false);
        return Paging.Of(tables.Where(t => KindOf(t) == kind).Select(t => new TableIdentifier(name, t.TableName)).OrderBy(t => t.Name, StringComparer.Ordinal), page, t => t.Name);
    }

    private async ValueTask<IReadOnlyList<HiveTable>> TablesAsync(string database, CancellationToken cancellationToken)
    {
        var names = (await AskAsync(HiveRequest.GetAllTables, new ThriftStruct().With(1, database), cancellationToken).ConfigureAwait(false)).Texts(0);
        var tables = new List<HiveTable>(names.Count);
        foreach (string[] some in names.Chunk(TablesPerCall))
        {
            var request = new ThriftStruct().With(1, database).With(2, some);
            var answer = await AskAsync(HiveRequest.GetTables, new ThriftStruct().With(1, request), cancellationToken).ConfigureAwait(false);
            tables.AddRange((answer.Struct(0)?.Structs(1) ?? []).Select(HiveTable.Read));
        }

        return tables;
    }

    private async ValueTask<TableHandle> LoadAsync(TableIdentifier table, ThriftStruct found, CancellationToken cancellationToken)
    {
        string location = LocationOf(table, found);
        try
        {
            var (metadata, content) = await _files.ReadTableAsync(location, cancellationToken).ConfigureAwait(false);
            return new TableHandle(table, location, metadata) { Content = content, Annotations = OwnerIn(found) };
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            bool isMissing = error.Kind == ErrorKind.NotFound;
            throw new MetadataFileException(location, isMissing, $"The metadata file '{location}' of table '{table}' is {(isMissing ? "missing" : "damaged")}: {error.Message.TrimEnd('.')}. Restore it from a backup, or drop the table.", error);
        }
    }

    // Where the metadata names none, the owner that the metastore has.
    private static ImmutableSortedDictionary<string, string> OwnerIn(ThriftStruct found) => HiveTable.Read(found).Owner is { Length: > 0 } owner
        ? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(GovernanceProperties.Owner, owner)
        : ImmutableSortedDictionary<string, string>.Empty;

    // The struct as it was sent, or null when there is nothing of that kind under the name.
    private async ValueTask<ThriftStruct?> FindAsync(TableIdentifier name, HiveKind kind, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } found && KindOf(HiveTable.Read(found)) == kind ? found : null;

    private async ValueTask<ThriftStruct?> FindAsync(TableIdentifier name, CancellationToken cancellationToken)
    {
        if (name.Namespace.Levels.Count != 1)
            return null;
        var asked = new ThriftStruct().With(1, name.Namespace.Levels[0]).With(2, name.Name);
        try
        {
            var found = _isOldVersion
                ? (await _session.AskAsync(HiveRequest.GetTableOfOldVersions, asked, cancellationToken).ConfigureAwait(false)).Struct(0)
                : (await _session.AskAsync(HiveRequest.GetTable, new ThriftStruct().With(1, asked), cancellationToken).ConfigureAwait(false)).Struct(0)?.Struct(1);
            // What is asked for in another case is not there under that name.
            return found is not null && HiveTable.Read(found) is var table && table.DatabaseName == name.Namespace.Levels[0] && table.TableName == name.Name ? found : null;
        }
        catch (HiveFault fault) when (fault.Kind == HiveExceptionKind.NoSuchObject)
        {
            return null;
        }
        catch (HiveFault fault)
        {
            throw Told(fault, $"show table '{name}'");
        }
        catch (TarnException unknown) when (unknown.Kind == ErrorKind.Unsupported && !_isOldVersion)
        {
            // Metastores before 2.3 and some of other makers have the older form only; version 4 has the newer only.
            _isOldVersion = true;
            return await FindAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RequireFreeAsync(TableIdentifier name, CancellationToken cancellationToken)
    {
        await RequireDatabaseAsync(name.Namespace, cancellationToken).ConfigureAwait(false);
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is { } taken)
            throw TarnException.AlreadyExists($"'{name}' exists already in the metastore, as a {KindOf(HiveTable.Read(taken)) switch { HiveKind.Table => "table", HiveKind.View => "view", _ => "table that is not Iceberg's" }}.");
    }

    private static HiveKind KindOf(HiveTable table) => table.Parameters.GetValueOrDefault(IcebergParameters.TableType)?.ToUpperInvariant() switch
    {
        IcebergParameters.Iceberg => HiveKind.Table,
        IcebergParameters.IcebergView => HiveKind.View,
        _ => HiveKind.Foreign,
    };

    private string LocationOf(TableIdentifier name, ThriftStruct found) => HiveTable.Read(found).Parameters.GetValueOrDefault(IcebergParameters.MetadataLocation) is { Length: > 0 } location
        ? location
        : throw TarnException.Corrupted($"The metastore at {_options.Address} does not say where the metadata of '{name}' is: it has no parameter '{IcebergParameters.MetadataLocation}'.");

    private TarnException Missing(TableIdentifier name, HiveKind kind) =>
        TarnException.NotFound($"{(kind == HiveKind.View ? "View" : "Table")} '{name}' does not exist in the metastore at {_options.Address}; check its spelling (names are lower case).");

    /// <summary>What stands under a name.</summary>
    private enum HiveKind
    {
        Table,
        View,
        Foreign,
    }
}
