using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using static Tarn.Catalog.Hive.Protocol.HiveExceptionKind;

namespace Tarn.Catalog.Hive.Calls;

/// <summary>
/// Creates tables and views. An Iceberg one is the metadata file that the client has written: it is registered under the name. Nothing is made in or
/// deleted from the storage, whatever comes of it.
/// </summary>
/// <param name="databases">Databases.</param>
/// <param name="time">The clock.</param>
internal sealed class TableCreation(HiveDatabases databases, TimeProvider time)
{
    /// <summary>Creates.</summary>
    /// <exception cref="HiveFault">With the exceptions of <c>create_table</c>.</exception>
    public async ValueTask CreateAsync(ICatalog catalog, HiveTable wanted, CancellationToken cancellationToken)
    {
        // 1. The names and types are checked as a metastore does.
        string sent = HiveNames.Database(wanted.DatabaseName);
        string name = wanted.TableName.ToLowerInvariant();
        if (!HiveNames.IsValid(name))
            throw new HiveFault(InvalidObject, $"{wanted.TableName} is not a valid object name");
        if (wanted.Storage.Columns.Concat(wanted.PartitionKeys).FirstOrDefault(c => !HiveTypes.IsValid(c.Type)) is { } strange)
            throw new HiveFault(InvalidObject, $"Invalid column type: {strange.Type}");
        var database = await databases.FindAsync(catalog, sent, cancellationToken).ConfigureAwait(false) ?? throw HiveFault.NoDatabase(sent, InvalidObject);

        // 2. The database that every metastore has comes into being with its first table.
        if (database.Name == HiveNames.DefaultDatabase)
            await EnsureDefaultAsync(catalog, database, cancellationToken).ConfigureAwait(false);

        // 3. The name is taken.
        int now = (int)time.GetUtcNow().ToUnixTimeSeconds();
        var table = wanted with { DatabaseName = database.Name, TableName = name, CreateTime = wanted.CreateTime > 0 ? wanted.CreateTime : now };
        try
        {
            await StoreAsync(catalog, TableIdentifier.Of(database.Name, name), table, database, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            // A client that lost the answer and is told of a failure deletes its metadata file, which by now is the table's.
            if (!await IsMadeAsync(catalog, table, cancellationToken).ConfigureAwait(false))
                throw new HiveFault(AlreadyExists, $"Table {HiveNames.Catalog}.{database.Name}.{name} already exists");
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.InvalidRequest)
        {
            throw new HiveFault(InvalidObject, ClientMessages.Of(error));
        }
    }

    private static async ValueTask StoreAsync(ICatalog catalog, TableIdentifier name, HiveTable table, HiveDatabase database, CancellationToken cancellationToken)
    {
        string? type = table.Parameters.GetValueOrDefault(IcebergParameters.TableType);
        bool isTable = string.Equals(type, IcebergParameters.Iceberg, StringComparison.OrdinalIgnoreCase);
        bool isView = string.Equals(type, IcebergParameters.IcebergView, StringComparison.OrdinalIgnoreCase);
        string? metadata = table.Parameters.GetValueOrDefault(IcebergParameters.MetadataLocation);
        if ((isTable || isView) && metadata is null)
            throw new HiveFault(InvalidObject, $"{name} has the parameter {IcebergParameters.TableType} '{type}' and no {IcebergParameters.MetadataLocation}: the client has to write the metadata file first");
        if (isTable)
        {
            await catalog.RegisterTableAsync(name, metadata!, null, m => IcebergHiveTable.Annotations(table, m.Properties), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (isView)
        {
            await catalog.RegisterViewAsync(name, metadata!, null, m => IcebergHiveTable.Annotations(table, metadata!, m.Properties), cancellationToken).ConfigureAwait(false);
            return;
        }

        await catalog.CommitForeignTableAsync(name, null, ForeignTables.New(Located(table, database)), cancellationToken).ConfigureAwait(false);
    }

    // Whether what stands under the name is of the very metadata file that was sent.
    private static async ValueTask<bool> IsMadeAsync(ICatalog catalog, HiveTable table, CancellationToken cancellationToken)
    {
        if (table.Parameters.GetValueOrDefault(IcebergParameters.MetadataLocation) is not { } sent)
            return false;
        return await HiveEntry.FindAsync(catalog, table.DatabaseName, table.TableName, cancellationToken).ConfigureAwait(false) switch
        {
            HiveEntry.IcebergTable found => found.Handle.MetadataLocation == sent,
            HiveEntry.IcebergView found => found.Handle.MetadataLocation == sent,
            _ => false,
        };
    }

    // As a metastore writes locations: without a slash at the end, and below the database unless the client says another. Views have none.
    private static HiveTable Located(HiveTable table, HiveDatabase database)
    {
        if (table.TableType is HiveTable.VirtualView or HiveTable.MaterializedView)
            return table;
        string location = table.Storage.Location is { Length: > 0 } own ? own.TrimEnd('/') : HiveDatabases.LocationOf(database, table.TableName);
        return table with { Storage = table.Storage with { Location = location } };
    }

    private static async ValueTask EnsureDefaultAsync(ICatalog catalog, HiveDatabase database, CancellationToken cancellationToken)
    {
        var space = Namespace.Of(HiveNames.DefaultDatabase);
        if (await catalog.LoadNamespaceAsync(space, cancellationToken).ConfigureAwait(false) is not null)
            return;
        try
        {
            await catalog.CreateNamespaceAsync(space, HiveDatabases.ToProperties(database), cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.AlreadyExists)
        {
            return; // somebody else's first table
        }
    }
}
