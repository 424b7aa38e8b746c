using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <content>Files that somebody may need.</content>
internal sealed partial class Placement
{
    // Mostly the name of a file tells already that nothing leads to it.
    private static readonly ConditionalWeakTable<LogState, HashSet<string>> s_names = [];

    // As long as nothing is committed, and no guess ends.
    private static readonly ConditionalWeakTable<LogState, ConcurrentDictionary<(CatalogAddress At, TableIdentifier Table, string Folder, object Guesses), IReadOnlyList<StateElsewhere>>> s_statesElsewhere = [];

    /// <summary>Whether a metadata file is the present one of a table or view of any branch, or of the state that a branch began with, or that of something that was dropped; states of a log are not looked at.</summary>
    public bool IsPointedTo(string metadataLocation) =>
        s_names.GetValue(state, all => all.PointedTo.Select(NameOf).ToHashSet(StringComparer.Ordinal)).Contains(NameOf(metadataLocation))
        && state.WithoutPointers([metadataLocation], ground.PlaceOf).Count == 0;

    private static string NameOf(string location) => location[(location.LastIndexOf('/') + 1)..];

    /// <summary>
    /// The present states of the same table elsewhere, and of others with files in its folder that a file lies in: those that there are, and those that can be brought back. Each state once; first those
    /// of what was dropped under the name of the table itself.
    /// </summary>
    /// <param name="table">The table that is not meant.</param>
    /// <param name="folders">Its folders.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IReadOnlyList<StateElsewhere>> FindStatesElsewhereAsync(TableIdentifier table, IReadOnlyList<string> folders, string file, CancellationToken cancellationToken)
    {
        // Clients delete a thousand files at once, each maybe in the folder of another partition.
        string place = ground.PlaceOf(file), folder = folders.FirstOrDefault(f => TableFolders.IsIn(place, ground.PlaceOfFolder(f))) ?? TableFolders.FolderOf(file);
        var known = s_statesElsewhere.GetOrCreateValue(state);
        var question = (at, table, folder, ground.Folders.Guesses);
        if (!known.TryGetValue(question, out var states))
        {
            var owners = await FindOwnersAsync(table, folders, [folder], cancellationToken).ConfigureAwait(false);
            var there = owners.OrderByDescending(o => IsDropOf(o, table)).Select(o => (Owner: o, IsInFolder: true)).Concat(SameAs(table).Select(o => (Owner: o, IsInFolder: false)));
            known[question] = states =
            [
                .. there.Where(o => o.Owner.IsDropped || o.Owner.At != at || o.Owner.Name != table)
                    .SelectMany(o => StatesOf(o.Owner).Select(metadata => new StateElsewhere(o.Owner, metadata, o.IsInFolder))).DistinctBy(s => s.MetadataLocation),
            ];
        }

        return states;
    }

    /// <summary>Whether somebody is what was dropped here under a name that nothing has now.</summary>
    public bool IsDropOf(FolderOwner owner, TableIdentifier name) => owner is { IsDropped: true, IsView: false } && owner.At == at && owner.Name == name && !IsTaken(name);

    /// <summary>The metadata file of the table that was last dropped under a name which nothing has now; null when there is none, or it is purged already.</summary>
    public string? FindPurgeable(TableIdentifier name) =>
        !IsTaken(name) && FindDropped(name, isView: false) is { Retention.IsPurged: false } dropped ? dropped.MetadataLocation : null;

    // On another branch the table may have files in folders that it names no more. By the uuid alone it may also be another one, for clients write uuids.
    private IEnumerable<FolderOwner> SameAs(TableIdentifier table) =>
        (state.RequireCatalog(at).FindTable(table) is { } entry ? CatalogPointer.Of(table, entry) : FindDropped(table, isView: false)?.Pointer) is not { } own ? []
        : state.Catalogs.Where(c => c.Key.Warehouse == at.Warehouse).SelectMany(c => c.Value.FindTables(CatalogPointer.IdentityOf(own.Uuid, own.MetadataLocation)).Select(p => new FolderOwner(c.Key, p.Name, CatalogPointer.IdentityOf(p.Uuid, p.MetadataLocation))))
            .Concat(state.Dropped.Values.Where(d => !d.IsView && d.At.Warehouse == at.Warehouse && d.Is(own.Uuid, own.MetadataLocation)).Select(d => new FolderOwner(d.At, d.Name, d.Identity, IsDropped: true) { CanComeBack = !d.IsExpiring }));

    private IEnumerable<string> StatesOf(FolderOwner owner) => owner switch
    {
        { IsView: true } or { IsForeign: true } => [],
        { IsDropped: false } => state.RequireCatalog(owner.At).FindTable(owner.Name) is { } entry ? [entry.MetadataLocation] : [],
        _ => state.Dropped.Values.Where(d => !d.IsView && !d.IsExpiring && d.At == owner.At && d.Name == owner.Name && d.Identity == owner.Identity).Select(d => d.MetadataLocation),
    };
}

/// <summary>A state of a table that may need files of another one.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="MetadataLocation">Its metadata file.</param>
/// <param name="IsInFolder">Whether it has files in the same folder; else it has the same uuid.</param>
internal readonly record struct StateElsewhere(FolderOwner Owner, string MetadataLocation, bool IsInFolder);
