using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    private const string DeletesFiles = "gc.enabled";

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        bool isDropped = await RetryAsync($"table '{table}'", async state =>
        {
            if (state.FindTable(table) is not { } entry)
                return false;
            state.RequireDroppable(table);
            if (purge)
                await RequirePurgeableAsync(state, table, entry, cancellationToken).ConfigureAwait(false);
            var change = new CatalogChange.DropTable(table) { Retention = RetentionOf(purge) };
            await AppendAsync([new CommitCondition.TableIs(table, entry.MetadataLocation)], [change], cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        if (isDropped && purge && options.Undrop <= TimeSpan.Zero)
            await TryExpireDroppedAsync().ConfigureAwait(false);
        return isDropped;
    }

    // The drop stands: an error from here on must not be told as its failure.
    internal async ValueTask TryExpireDroppedAsync()
    {
        try
        {
            await ExpireDroppedAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (TarnException error)
        {
            // What was dropped is still in the log, where it can be seen, and the next run goes on from there.
            options.OnUnpurged?.Invoke(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default) =>
        await RetryAsync($"table '{table}'", async state =>
        {
            if (state.FindTable(table) is not { } entry)
                return null;
            state.RequireDroppable(table);
            var last = await LoadAsync(table, entry, cancellationToken).ConfigureAwait(false);
            // Nothing is kept for bringing it back: it belongs to whoever registers it next.
            await AppendAsync([new CommitCondition.TableIs(table, entry.MetadataLocation)], [new CatalogChange.DropTable(table)], cancellationToken, entry.MetadataLocation).ConfigureAwait(false);
            return last;
        }, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default) =>
        await RetryAsync($"view '{view}'", async state =>
        {
            if (state.FindView(view) is not { } entry)
                return false;
            var change = new CatalogChange.DropView(view) { Retention = RetentionOf(purge: false) };
            await AppendAsync([new CommitCondition.ViewIs(view, entry.MetadataLocation)], [change], cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DropNamespaceWithContentAsync(Namespace @namespace, Func<IReadOnlyList<NamespaceContent>, ValueTask>? allow = null, CancellationToken cancellationToken = default) =>
        await RetryAsync($"namespace '{@namespace}'", async state =>
        {
            state.RequireNamespace(@namespace);
            var all = state.ContentOf(@namespace);
            if (allow is not null)
                await allow(all).ConfigureAwait(false);
            var retention = RetentionOf(purge: false);
            await AppendAsync([new CommitCondition.NamespaceHolds(@namespace, all)], [.. all.SelectMany(content => Drops(content, retention))], cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);

    private static IEnumerable<CatalogChange> Drops(NamespaceContent content, Retention? retention) =>
    [
        .. content.Tables.Select(t => new CatalogChange.DropTable(t) { Retention = retention }),
        .. content.Views.Select(v => new CatalogChange.DropView(v) { Retention = retention }),
        .. content.ForeignTables.Select(t => new CatalogChange.DropForeignTable(t)),
        new CatalogChange.DropNamespace(content.Namespace),
    ];

    /// <summary>What was dropped in this catalog and can be brought back, and what was purged and has files that are still to be deleted; the newest first.</summary>
    public async ValueTask<IReadOnlyList<KeyValuePair<DroppedKey, DroppedEntry>>> ListDroppedAsync(CancellationToken cancellationToken = default)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        return [.. state.Dropped.Where(d => d.Value.At == At).Reverse()];
    }

    /// <summary>Brings back the table or view that was last dropped under a name.</summary>
    /// <param name="name">The name that it had.</param>
    /// <param name="newName">The name that it gets; null for the old one.</param>
    /// <param name="number">Number of the commit that dropped it, where several had the name; null for the newest.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">NotFound when nothing of that name is kept; AlreadyExists when the name is taken meanwhile.</exception>
    public async ValueTask<DroppedEntry> UndropAsync(TableIdentifier name, TableIdentifier? newName = null, long? number = null, CancellationToken cancellationToken = default)
    {
        return await UndropAsync(name, newName ?? name, d => number is null || d.Key.Number == number, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask UndropTableAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default) =>
        await UndropAsync(name, newName, d => !d.Value.IsView, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask UndropViewAsync(TableIdentifier name, TableIdentifier newName, CancellationToken cancellationToken = default) =>
        await UndropAsync(name, newName, d => d.Value.IsView, cancellationToken).ConfigureAwait(false);

    private async ValueTask<DroppedEntry> UndropAsync(TableIdentifier name, TableIdentifier target, Func<KeyValuePair<DroppedKey, DroppedEntry>, bool> isMeant, CancellationToken cancellationToken)
    {
        CatalogNames.RequireNew(target);
        var kept = await ListDroppedAsync(cancellationToken).ConfigureAwait(false);
        if (kept.FirstOrDefault(d => d.Value.Name == name && !d.Value.IsExpiring && isMeant(d)) is not { Value: not null } found)
            throw TarnException.NotFound($"Nothing called '{name}' was dropped in '{At}' in the time that dropped things are kept; 'tarn catalog dropped' lists what can be brought back.");
        return await PlaceAsync(
            async state =>
            {
                // Its folder was free for others since: a table that was made anew there does not keep the old one away.
                string file = found.Value.MetadataLocation;
                if (found.Value.IsView)
                    await RequireApartAsync(state, target, await Ground.Metadata.ReadViewAsync(file, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                else
                    PlacementIn(state).RequireGround(found.Value, TableFolders.Of((await Ground.Metadata.ReadStoredTableAsync(file, cancellationToken).ConfigureAwait(false)).Metadata));
                await AppendAsync([PlacesAre(state)], [new CatalogChange.Undrop(found.Key, target)], cancellationToken).ConfigureAwait(false);
                return found.Value;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Has the files of the table that was last dropped under a name deleted too, once it cannot be brought back any more: so wants whoever begins to delete them himself, as Spark does by <c>DROP TABLE … PURGE</c>.
    /// What a purge would refuse stays as it was dropped.
    /// </summary>
    /// <param name="name">The name that it had.</param>
    /// <param name="metadataLocation">Its metadata file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask PurgeDroppedAsync(TableIdentifier name, string metadataLocation, CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Dropped.LastOrDefault(d => d.Value is { IsView: false, IsExpiring: false } && d.Value.At == At && d.Value.Name == name) is not { Value: { Retention.IsPurged: false } dropped } found
            || dropped.MetadataLocation != metadataLocation)
            return;
        var (metadata, _) = await Ground.Metadata.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        if (FindObstacleToPurge(state.RequireCatalog(At), dropped.Pointer, metadata) is null)
            await AppendAsync([], [new CatalogChange.PurgeDropped(found.Key)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Forgets what was dropped longer ago than it is kept, in all warehouses, and deletes the files of what was purged, as far as nothing else needs them.
    /// </summary>
    /// <returns>How many tables and views were forgotten.</returns>
    /// <exception cref="TarnException">
    /// A table that may need the files cannot be read: then no file was deleted. Or files of purged tables that the message names could not be read or deleted: then all others are gone,
    /// and these are tried again by the next call.
    /// </exception>
    public ValueTask<int> ExpireDroppedAsync(CancellationToken cancellationToken = default) =>
        new DroppedExpiry(log, Ground, options.Principal).RunAsync(cancellationToken);

    private Retention? RetentionOf(bool purge) =>
        purge || options.Undrop > TimeSpan.Zero ? new Retention(Ground.Time.GetUtcNow() + options.Undrop, purge) : null;

    private async ValueTask RequirePurgeableAsync(CatalogState state, TableIdentifier table, TableEntry entry, CancellationToken cancellationToken)
    {
        if (FindObstacleToPurge(state, CatalogPointer.Of(table, entry), (await LoadAsync(table, entry, cancellationToken).ConfigureAwait(false)).Metadata) is { } obstacle)
            throw TarnException.Invalid($"Table '{table}' {obstacle}. Drop it without purging.");
    }

    private static string? FindObstacleToPurge(CatalogState state, CatalogPointer table, TableMetadata metadata) =>
        metadata.Properties.GetValueOrDefault(DeletesFiles) == "false" ? $"has {DeletesFiles}=false: its files may belong to others and are not deleted"
        // A table registered under two names shares its files with itself.
        : state.HasOtherName(table) ? "is registered under another name too, which needs its files"
        : null;
}
