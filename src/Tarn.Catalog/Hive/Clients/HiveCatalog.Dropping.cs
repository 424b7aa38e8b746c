using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Catalog.Hive.Clients;

/// <content>Dropping. The metastore forgets names; files are deleted by this client alone, and only those that the table's metadata leads to.</content>
public sealed partial class HiveCatalog
{
    private async ValueTask<bool> DropAsync(TableIdentifier name, CancellationToken cancellationToken)
    {
        string purpose = $"drop '{name}'";
        var arguments = new ThriftStruct().With(1, name.Namespace.Levels[0]).With(2, name.Name).With(3, false).With(4, new ThriftStruct());
        try
        {
            await _session.ChangeAsync(HiveRequest.DropTable, arguments, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HiveFault fault) when (fault.Kind == HiveExceptionKind.NoSuchObject)
        {
            return false;
        }
        catch (HiveFault fault)
        {
            throw Told(fault, purpose);
        }
        catch (LostAnswerException lost)
        {
            throw Unknown(purpose, lost);
        }
    }

    // Purging is rare: all tables of the metastore are looked at, so that no other loses its files.
    private async ValueTask RequirePurgeableAsync(TableHandle table, CancellationToken cancellationToken)
    {
        if (table.Metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            throw TarnException.Invalid($"Table '{table.Identifier}' has gc.enabled=false: its files may belong to others and are not deleted. Drop it without purging.");
        foreach (var database in (await ListNamespacesAsync(Namespace.Root, default, cancellationToken).ConfigureAwait(false)).Items)
        {
            foreach (var other in await TablesAsync(database.Levels[0], cancellationToken).ConfigureAwait(false))
            {
                bool isSame = other.Parameters.GetValueOrDefault(IcebergParameters.MetadataLocation) == table.MetadataLocation
                    || (table.Metadata.TableUuid is { } uuid && string.Equals(other.Parameters.GetValueOrDefault("uuid"), uuid.ToString(), StringComparison.OrdinalIgnoreCase));
                if (isSame && TableIdentifier.Of(database.Levels[0], other.TableName) != table.Identifier)
                    throw TarnException.Invalid($"Table '{table.Identifier}' is registered as '{database.Levels[0]}.{other.TableName}' too, which needs its files. Drop it without purging.");
            }
        }
    }

    // Metadata may name any file there is; what lies outside of the table's folders stays.
    private async ValueTask<IReadOnlyList<string>> PurgedFilesAsync(TableHandle table, CancellationToken cancellationToken)
    {
        var files = await ReachableFiles.FindAsync(_store, table.MetadataLocation, table.Metadata, missing: [], cancellationToken: cancellationToken).ConfigureAwait(false);
        string[] folders = [.. TableFolders.Of(table.Metadata), TableFolders.FolderOf(table.MetadataLocation)];
        return [.. files.Where(f => f == table.MetadataLocation || folders.Any(folder => TableFolders.HasFile(folder, f)))];
    }
}
