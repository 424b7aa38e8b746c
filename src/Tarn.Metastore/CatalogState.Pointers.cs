using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore;

public sealed partial class CatalogState
{
    /// <summary>All tables and views, by namespace and name.</summary>
    public IEnumerable<CatalogPointer> Pointers =>
        from entry in _namespaces
        from pointer in entry.Value.Pointers(entry.Key)
        select pointer;

    /// <summary>The table or view of a name, or null.</summary>
    internal CatalogPointer? Find(TableIdentifier name) =>
        FindTable(name) is { } table ? CatalogPointer.Of(name, table) : FindView(name) is { } view ? CatalogPointer.Of(name, view) : null;

    // What is the same under whatever name: by uuid, and without one by its metadata file.
    private ILookup<(bool IsView, string Identity), CatalogPointer> ByIdentity => field ??= Pointers.ToLookup(Key);

    /// <summary>A table by what it is, see <see cref="CatalogPointer.IdentityOf"/>; null when it is not there.</summary>
    internal CatalogPointer? FindTable(string identity) => FindTables(identity).FirstOrDefault();

    /// <summary>The same under each of its names.</summary>
    internal IEnumerable<CatalogPointer> FindTables(string identity) => ByIdentity[(false, identity)];

    /// <summary>What has the identity of something, under whatever names.</summary>
    internal IEnumerable<CatalogPointer> FindSame(CatalogPointer there) => ByIdentity[Key(there)];

    /// <summary>The metadata files that something has in this state, under whatever names; none when it is not there.</summary>
    internal IEnumerable<string> FilesOf(CatalogPointer there)
    {
        var files = FindSame(there).Select(p => p.MetadataLocation);
        // Without a uuid another state is known by its name alone.
        return there is { Uuid: null, IsView: false } && FindTable(there.Name) is { Uuid: null } same ? files.Append(same.MetadataLocation) : files;
    }

    /// <summary>Whether something may be here, under whatever name; without a uuid only a look at everything tells.</summary>
    internal bool MayHave(CatalogPointer there) => there.Uuid is null || ByIdentity.Contains(Key(there)) || ByIdentity.Contains((there.IsView, there.MetadataLocation));

    private static (bool IsView, string Identity) Key(CatalogPointer pointer) => (pointer.IsView, CatalogPointer.IdentityOf(pointer.Uuid, pointer.MetadataLocation));

    /// <summary>Whether a table is registered under another name too, which needs its files.</summary>
    internal bool HasOtherName(CatalogPointer table) =>
        Pointers.Any(p => p.Name != table.Name && (p.MetadataLocation == table.MetadataLocation || (table.Uuid is not null && p.Uuid == table.Uuid)));
}

/// <summary>A name that leads to a metadata file.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsView">A view, else a table.</param>
/// <param name="Uuid">Identity; null only for version 1 metadata without one.</param>
/// <param name="MetadataLocation">The file.</param>
public sealed record CatalogPointer(TableIdentifier Name, bool IsView, Guid? Uuid, string MetadataLocation)
{
    /// <summary>What clients of other protocols keep beside the metadata.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <inheritdoc cref="TableEntry.FormerFolders"/>
    public IReadOnlyList<string> FormerFolders { get; init; } = [];

    /// <inheritdoc cref="DroppedEntry.Common"/>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>What something is whatever its name and branch: its uuid, and without one its metadata file.</summary>
    internal static string IdentityOf(Guid? uuid, string metadataLocation) => uuid?.ToString() ?? metadataLocation;

    /// <summary>
    /// Whether something else is certainly the same table, or view, in whatever state, and in whatever folder it has moved to: they have one metadata file, or one uuid and the file of one lies beside
    /// that of the other or in a former folder of it. Clients write uuids, and only who may have the table writes there.
    /// </summary>
    internal bool IsOneWith(CatalogPointer other) =>
        IsView == other.IsView && (MetadataLocation == other.MetadataLocation || (Uuid is not null && Uuid == other.Uuid && (HasFolderOf(other) || other.HasFolderOf(this))));

    private bool HasFolderOf(CatalogPointer other) =>
        TableFolders.FolderOf(MetadataLocation) == TableFolders.FolderOf(other.MetadataLocation) || FormerFolders.Any(f => TableFolders.HasFile(f, other.MetadataLocation));

    internal static CatalogPointer Of(TableIdentifier name, TableEntry table) => new(name, false, table.Uuid, table.MetadataLocation) { Annotations = table.Annotations, FormerFolders = table.FormerFolders, Common = table.Common };

    /// <summary>What a change leads to.</summary>
    /// <param name="put">The change.</param>
    /// <param name="formerFolders">Former folders of what had the name before.</param>
    internal static CatalogPointer Of(CatalogChange.PutTable put, IReadOnlyList<string> formerFolders) =>
        new(put.Table, false, put.Uuid, put.MetadataLocation) { FormerFolders = put.FormerFolders ?? formerFolders };

    internal static CatalogPointer Of(TableIdentifier name, ViewEntry view) => new(name, true, view.Uuid, view.MetadataLocation) { Annotations = view.Annotations, Common = view.Common };

    internal static CatalogPointer Of(CatalogChange.PutView put) => new(put.View, true, put.Uuid, put.MetadataLocation);
}
