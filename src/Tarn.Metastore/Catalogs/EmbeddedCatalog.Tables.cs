using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    private const string LocationProperty = "location";
    private const int LocationIdLength = 8;

    private readonly MetadataFiles _metadata = new(store);

    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (@namespace.IsRoot)
            return new Page<TableIdentifier>([]);
        return Paging.Of(state.RequireNamespace(@namespace).Tables.Keys.Select(t => new TableIdentifier(@namespace, t)), page, t => t.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.FindTable(table) is { } entry ? await LoadAsync(table, entry, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        CatalogNames.Require(table);
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        state.RequireNamespace(table.Namespace);
        string id = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", LocationIdLength);
        return $"{NamespaceLocation(state, table.Namespace)}/{CatalogNames.ForLocation(table.Name)}-{id}";
    }

    /// <inheritdoc/>
    public ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default) =>
        RegisterAsync(table, metadataLocation, replaced, null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TableHandle> RegisterTableAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, ImmutableSortedDictionary<string, string> annotations, CancellationToken cancellationToken = default) =>
        RegisterAsync(table, metadataLocation, replaced, annotations, cancellationToken);

    private async ValueTask<TableHandle> RegisterAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, ImmutableSortedDictionary<string, string>? annotations, CancellationToken cancellationToken)
    {
        CatalogNames.Require(table);
        if (replaced is null)
            (await log.ReadAsync(cancellationToken).ConfigureAwait(false)).RequireFree(table);
        var metadata = await _metadata.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        await AppendAsync(
            [new CommitCondition.TableIs(table, replaced?.MetadataLocation)],
            [new CatalogChange.PutTable(table, metadata.TableUuid, metadataLocation) { Annotations = annotations }],
            cancellationToken).ConfigureAwait(false);
        return new TableHandle(table, metadataLocation, metadata) { Annotations = annotations ?? replaced?.Annotations ?? ImmutableSortedDictionary<string, string>.Empty };
    }

    /// <inheritdoc/>
    public async ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        CatalogNames.Require(to);
        await AppendAsync([], [new CatalogChange.RenameTable(from, to)], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        var files = await RetryAsync(async state =>
        {
            if (state.FindTable(table) is not { } entry)
                return null;
            // What to delete is found out first: afterwards no name leads there any more.
            IReadOnlyCollection<string> found = purge ? await FilesToPurgeAsync(state, table, entry, cancellationToken).ConfigureAwait(false) : [];
            await AppendAsync([new CommitCondition.TableIs(table, entry.MetadataLocation)], [new CatalogChange.DropTable(table)], cancellationToken).ConfigureAwait(false);
            return found;
        }, cancellationToken).ConfigureAwait(false);
        if (files is null)
            return false;
        foreach (string location in files)
            await store.DeleteAsync(location, CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<TableHandle> LoadAsync(TableIdentifier table, TableEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return new TableHandle(table, entry.MetadataLocation, await _metadata.ReadTableAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false)) { Annotations = entry.Annotations };
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            string state = error.Kind == ErrorKind.NotFound ? "missing" : "damaged";
            throw TarnException.Corrupted(
                $"The metadata file '{entry.MetadataLocation}' of table '{table}' is {state}: {error.Message.TrimEnd('.')}. Restore it from a backup, or unregister the table and register the newest metadata file that is whole.", error);
        }
    }

    private async ValueTask<IReadOnlyCollection<string>> FilesToPurgeAsync(CatalogState state, TableIdentifier table, TableEntry entry, CancellationToken cancellationToken)
    {
        var metadata = (await LoadAsync(table, entry, cancellationToken).ConfigureAwait(false)).Metadata;
        if (metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            throw TarnException.Invalid($"Table '{table}' has gc.enabled=false: its files may belong to others and are not deleted. Drop it without purging.");
        // A table registered under two names shares its files with itself.
        bool isShared = state.Namespaces.SelectMany(n => n.Value.Tables.Select(t => (Name: new TableIdentifier(n.Key, t.Key), Entry: t.Value)))
            .Any(t => t.Name != table && (t.Entry.MetadataLocation == entry.MetadataLocation || (entry.Uuid is not null && t.Entry.Uuid == entry.Uuid)));
        if (isShared)
            throw TarnException.Invalid($"Table '{table}' is registered under another name too, which needs its files. Drop it without purging.");
        return await ReachableFiles.FindAsync(store, entry.MetadataLocation, metadata, cancellationToken).ConfigureAwait(false);
    }

    // The nearest namespace above that says where it lies, else the warehouse.
    private string NamespaceLocation(CatalogState state, Namespace name)
    {
        if (name.IsRoot)
            return options.WarehouseLocation.TrimEnd('/');
        if (state.FindNamespace(name)?.Properties.GetValueOrDefault(LocationProperty) is { Length: > 0 } location)
            return location.TrimEnd('/');
        return $"{NamespaceLocation(state, name.Parent)}/{CatalogNames.ForLocation(name.Levels[^1])}";
    }
}
