using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

public sealed partial class EmbeddedCatalog
{
    private const string LocationIdSigns = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int LocationIdLength = 8;

    // Ours, and a uuid without and with its dashes.
    private static readonly int[] s_idLengths = [LocationIdLength, 32, 36];

    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (@namespace.IsRoot)
            return new Page<TableIdentifier>([]);
        return Paging.Of(state.RequireNamespace(@namespace).Tables.Keys.Select(t => new TableIdentifier(@namespace, t)), page, t => t.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.FindTable(table) is not { } entry)
            return null;
        if (options.LooksForFiles && await store.HeadAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false) is null)
            throw Unreadable(table, entry, isMissing: true, TarnException.NotFound($"There is no object '{entry.MetadataLocation}'."));
        return await LoadAsync(table, entry, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(table);
        var log = await Log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var state = log.RequireCatalog(At);
        if (table.Namespace != options.Creates)
            state.RequireNamespace(table.Namespace);
        string warehouse = log.RequireWarehouse(At.Warehouse).Location ?? options.WarehouseLocation;
        string id = RandomNumberGenerator.GetString(LocationIdSigns, LocationIdLength);
        return $"{NamespaceLocation(state, table.Namespace, warehouse)}/{CatalogNames.ForLocation(table.Name)}-{id}";
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, string>> NewTablePropertiesAsync(TableIdentifier table, IReadOnlyDictionary<string, string> named, CancellationToken cancellationToken = default)
    {
        var log = await Log.ReadAsync(cancellationToken).ConfigureAwait(false);
        return TableDefaults.With(log.RequireWarehouse(At.Warehouse), log.RequireCatalog(At), table.Namespace, named);
    }

    /// <summary>Whether the last part of a location has the form that <see cref="NewTableLocationAsync"/> gives it.</summary>
    internal static bool IsDrawn(TableIdentifier table, string location)
    {
        string prefix = CatalogNames.ForLocation(table.Name) + "-";
        string last = location.TrimEnd('/');
        last = last[(last.LastIndexOf('/') + 1)..];
        return last.Length == prefix.Length + LocationIdLength && last.StartsWith(prefix, StringComparison.Ordinal) && last.AsSpan(prefix.Length).IndexOfAnyExcept(LocationIdSigns) < 0;
    }

    /// <summary>Whether a folder is called like a table with an id: one of ours, or the uuid that other catalogs put there.</summary>
    internal static bool HasNameAndId(string name, string folder)
    {
        return folder.StartsWith(name + "-", StringComparison.Ordinal) && IsId(folder.AsSpan(name.Length + 1));
    }

    /// <summary>The same of a table of any name.</summary>
    internal static bool HasId(ReadOnlySpan<char> folder)
    {
        foreach (int length in s_idLengths)
        {
            if (folder.Length > length && folder[^(length + 1)] == '-' && IsId(folder[^length..]))
                return true;
        }

        return false;
    }

    private static bool IsId(ReadOnlySpan<char> id) =>
        s_idLengths.Contains(id.Length) && (id.Length == LocationIdLength ? id.IndexOfAnyExcept(LocationIdSigns) < 0 : Guid.TryParse(id, out _));

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
        if (replaced is null)
            CatalogNames.RequireNew(table);
        return await PlaceAsync(state => RegisterAsync(state, table, metadataLocation, replaced, annotate, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<TableHandle> RegisterAsync(
        LogState state, TableIdentifier table, string metadataLocation, TableHandle? replaced, Func<TableMetadata, ImmutableSortedDictionary<string, string>?>? annotate, CancellationToken cancellationToken)
    {
        if (replaced is null)
            state.RequireCatalog(At).RequireFree(table);
        var (metadata, content) = await Ground.Metadata.ReadStoredTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        Ground.Folders.Of(metadata, metadataLocation);
        var annotations = annotate?.Invoke(metadata) ?? (replaced is null ? state.FindAnnotations(At, table, metadataLocation) : null);
        // Another table in its place: then it is dropped.
        bool isDropped = replaced is not null && !TableIdentity.AreSame(replaced, metadata);
        // The next state of one table is a commit, made by a client that writes metadata files itself.
        if (replaced is not null && !isDropped)
            await Ground.Deletes.RequirePlacedAsync(table, metadata, metadata.Snapshots.Where(s => replaced.Metadata.FindSnapshot(s.SnapshotId) is null), cancellationToken).ConfigureAwait(false);
        bool isPlaced = replaced is null || !TableFolders.Of(metadata).SequenceEqual(TableFolders.Of(replaced.Metadata));
        if (isPlaced)
            PlacementIn(state).RequireGround(table, metadata.Location);
        var present = isDropped ? null : replaced;
        var before = present is null ? [] : state.RequireCatalog(At).FindTable(table)?.FormerFolders ?? [];
        var former = await FormerFoldersAsync(state, table, before, present, metadataLocation, metadata, cancellationToken).ConfigureAwait(false);
        bool isBrought = await IsBroughtHereAsync(state, table, present, metadataLocation, metadata, cancellationToken).ConfigureAwait(false);
        CatalogChange[] dropped = isDropped ? [new CatalogChange.DropTable(table) { Retention = RetentionOf(purge: false) }] : [];
        await AppendAsync(
            [new CommitCondition.TableIs(table, replaced?.MetadataLocation), new CommitCondition.NotExpiring(metadata.TableUuid, metadataLocation), .. isPlaced || isDropped ? [PlacesAre(state)] : Array.Empty<CommitCondition>()],
            [.. dropped, new CatalogChange.PutTable(table, metadata.TableUuid, metadataLocation) { Annotations = annotations, FormerFolders = former.SequenceEqual(before) ? null : former, IsRegistered = isBrought }],
            cancellationToken,
            metadataLocation).ConfigureAwait(false);
        return new TableHandle(table, metadataLocation, metadata) { Content = content, Annotations = annotations ?? present?.Annotations ?? ImmutableSortedDictionary<string, string>.Empty };
    }

    // Not when a client that writes metadata itself goes on from a state that the branch has made, and nobody else has got what it registers.
    private async ValueTask<bool> IsBroughtHereAsync(LogState state, TableIdentifier table, TableHandle? present, string metadataLocation, TableMetadata registered, CancellationToken cancellationToken)
    {
        if (state.RequireBranch(At) is not { Origin: { } origin } branch)
            return false;
        return present is null || registered.MetadataLog is not [.., { MetadataFile: var last }] || last != present.MetadataLocation
            || branch.Catalog.FindTable(table) is not { } entry || origin.FindCommon(CatalogPointer.Of(table, entry)).Contains(last)
            || await IsElsewhereAsync(state, registered.TableUuid, metadataLocation, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsElsewhereAsync(LogState state, Guid? uuid, string metadataLocation, CancellationToken cancellationToken)
    {
        string place = Ground.PlaceOf(metadataLocation), identity = CatalogPointer.IdentityOf(uuid, metadataLocation);
        var states = state.Catalogs.Where(c => c.Key != At).SelectMany(c => c.Value.FindTables(identity)).Select(p => p.MetadataLocation)
            .Concat(state.Dropped.Values.Where(d => !d.IsView && d.Is(uuid, metadataLocation)).Select(d => d.MetadataLocation));
        foreach (string other in states.Distinct(StringComparer.Ordinal))
        {
            try
            {
                var (metadata, _) = await Ground.Metadata.ReadTableAsync(other, cancellationToken).ConfigureAwait(false);
                if (metadata.MetadataLog.Select(e => e.MetadataFile).Append(other).Any(f => Ground.PlaceOf(f) == place))
                    return true;
            }
            catch (TarnException error) when (error.IsOfOneThing)
            {
                return true; // nobody knows
            }
        }

        return false;
    }

    private ValueTask<IReadOnlyList<string>> FormerFoldersAsync(
        LogState state, TableIdentifier table, IReadOnlyList<string> before, TableHandle? present, string metadataLocation, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var folders = new FormerFolders(Ground, PlacementIn(state));
        return present is null
            ? folders.InheritedAsync(table, metadataLocation, metadata, cancellationToken)
            : folders.AfterAsync(table, before, present.Metadata, metadata, present.MetadataLocation, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(to);
        await AppendAsync([], [new CatalogChange.RenameTable(from, to)], cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<TableHandle> LoadAsync(TableIdentifier table, TableEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var (metadata, content) = await Ground.Metadata.ReadTableAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false);
            return new TableHandle(table, entry.MetadataLocation, metadata) { Content = content, Annotations = entry.Annotations };
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            throw Unreadable(table, entry, isMissing: error.Kind == ErrorKind.NotFound, error);
        }
    }

    private MetadataFileException Unreadable(TableIdentifier table, TableEntry entry, bool isMissing, TarnException cause) => new(
        entry.MetadataLocation,
        isMissing,
        $"The metadata file '{entry.MetadataLocation}' of table '{table}' is {(isMissing ? "missing" : "damaged")}: {cause.Message.TrimEnd('.')}. Restore it from a backup, or unregister the table ({UnregisterCall.Of(At, table)}) and register the newest metadata file that is whole.",
        cause);

    // The nearest namespace above that says where it lies, else the warehouse.
    internal static string NamespaceLocation(CatalogState state, Namespace name, string warehouse)
    {
        if (name.IsRoot)
            return warehouse.TrimEnd('/');
        if (state.FindNamespace(name)?.Properties.GetValueOrDefault(NamespaceEntry.LocationProperty) is { Length: > 0 } location)
            return location.TrimEnd('/');
        return $"{NamespaceLocation(state, name.Parent, warehouse)}/{CatalogNames.ForLocation(name.Levels[^1])}";
    }
}
