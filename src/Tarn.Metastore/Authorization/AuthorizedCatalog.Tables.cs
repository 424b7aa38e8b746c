using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Authorization;

/// <content>Tables.</content>
public sealed partial class AuthorizedCatalog
{
    /// <inheritdoc/>
    public ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        ListAsync(CatalogActions.ListTables, @namespace, page, all => inner.ListTablesAsync(@namespace, all, cancellationToken), CatalogActions.GetTable, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.LoadTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.NewTableLocationAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> NewTablePropertiesAsync(TableIdentifier table, IReadOnlyDictionary<string, string> named, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.CreateTable, table, cancellationToken).ConfigureAwait(false);
        return await inner.NewTablePropertiesAsync(table, named, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableHandle>> CommitAsync(IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default)
    {
        foreach (var commit in commits)
            await RequireAsync(IsCreation(commit) ? CatalogActions.CreateTable : CatalogActions.CommitTable, commit.Table, cancellationToken).ConfigureAwait(false);
        var placed = new List<TableCommit>(commits.Count);
        foreach (var commit in commits)
            placed.Add(await PlacedAsync(commit, IsCreation(commit), cancellationToken).ConfigureAwait(false));
        var tables = await inner.CommitAsync(placed, cancellationToken).ConfigureAwait(false);
        Record(commits);
        return tables;
    }

    /// <inheritdoc/>
    public ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default) =>
        RegisterAsync(table, metadataLocation, replaced, null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TableHandle> RegisterTableAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?> annotate, CancellationToken cancellationToken = default) =>
        RegisterAsync(table, metadataLocation, replaced, annotate, cancellationToken);

    private async ValueTask<TableHandle> RegisterAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?>? annotate, CancellationToken cancellationToken)
    {
        var registered = await RegisterPlacedAsync(table, metadataLocation, replaced, annotate, cancellationToken).ConfigureAwait(false);
        RecordRegistration(replaced, registered);
        return registered;
    }

    private async ValueTask<TableHandle> RegisterPlacedAsync(
        TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?>? annotate, CancellationToken cancellationToken)
    {
        bool isCommit = await RequireRegistrationAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false);
        if (places is null || metadataLocation == replaced?.MetadataLocation)
        {
            return annotate is null
                ? await inner.RegisterTableAsync(table, metadataLocation, replaced, cancellationToken).ConfigureAwait(false)
                : await inner.RegisterTableAsync(table, metadataLocation, replaced, annotate, cancellationToken).ConfigureAwait(false);
        }

        // The file's own place comes first: what lies elsewhere is not even read.
        var present = isCommit ? replaced!.Metadata : null;
        IReadOnlyList<string> own = present is null ? [] : TableFolders.Of(present);
        var placement = await places.ReadAsync(cancellationToken).ConfigureAwait(false);
        await RequirePlacesAsync(placement, table, new NamedPlaces([], [(metadataLocation, "The metadata file")]), own, cancellationToken).ConfigureAwait(false);
        var checkedMetadata = await places.FindTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        if (checkedMetadata is not null)
            await RequirePlacesAsync(placement, table, NamedPlaces.Of(metadataLocation, checkedMetadata, present), own, cancellationToken).ConfigureAwait(false);
        return await inner.RegisterTableAsync(table, metadataLocation, replaced, metadata => Annotate(metadata), cancellationToken).ConfigureAwait(false);

        // Files do not change; should this one have, nobody has looked at what it names now.
        ImmutableSortedDictionary<string, string>? Annotate(TableMetadata metadata) =>
            ReferenceEquals(metadata, checkedMetadata) || (checkedMetadata is not null && TableFolders.Of(metadata).SequenceEqual(TableFolders.Of(checkedMetadata)))
                ? annotate?.Invoke(metadata)
                : throw new CommitConflictException($"'{metadataLocation}' was written anew while it was registered. Register it again; nothing was changed.");
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        if (purge)
            await RequireAsync(CatalogActions.WriteData, table, cancellationToken).ConfigureAwait(false);
        return await inner.DropTableAsync(table, purge, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.GetTable, table, cancellationToken).ConfigureAwait(false);
        // Nobody's files any more, they are open to whoever makes a table of them: that is for who may have them.
        await RequireAsync(CatalogActions.ReadData, table, cancellationToken).ConfigureAwait(false);
        await RequireAsync(CatalogActions.WriteData, table, cancellationToken).ConfigureAwait(false);
        return await inner.UnregisterTableAsync(table, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        await RequireRenameAsync(CatalogActions.RenameTable, s_onTables, from, to, cancellationToken).ConfigureAwait(false);
        await inner.RenameTableAsync(from, to, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask UndropTableAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default)
    {
        await RequireUndropAsync(CatalogActions.DropTable, CatalogActions.CreateTable, CatalogActions.RenameTable, s_onTables, name, newName, cancellationToken).ConfigureAwait(false);
        await inner.UndropTableAsync(name, newName, cancellationToken).ConfigureAwait(false);
    }

    // What may be dropped and made may be brought back; under another name it is renamed, too.
    private async ValueTask RequireUndropAsync(string drop, string create, string rename, IReadOnlyList<string> rights, TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken)
    {
        await RequireAsync(drop, name, cancellationToken).ConfigureAwait(false);
        await RequireAsync(create, newName, cancellationToken).ConfigureAwait(false);
        if (newName != name)
            await RequireRenameAsync(rename, rights, name, newName, cancellationToken).ConfigureAwait(false);
    }

    // Protocols whose clients write the metadata themselves replace a table by its next state: that is a commit. Another table in its place is not.
    private async ValueTask<bool> RequireRegistrationAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced, CancellationToken cancellationToken)
    {
        bool isCommit = replaced is not null && (metadataLocation == replaced.MetadataLocation || TableFolders.HasFile(replaced.Metadata.Location, metadataLocation));
        await RequireAsync(isCommit ? CatalogActions.CommitTable : CatalogActions.RegisterTable, table, cancellationToken).ConfigureAwait(false);
        if (replaced is not null && !isCommit)
            await RequireAsync(CatalogActions.DropTable, table, cancellationToken).ConfigureAwait(false);
        return isCommit;
    }

    private static bool IsCreation(TableCommit commit) => commit.Requirements.OfType<TableRequirement.AssertCreate>().Any();
}
