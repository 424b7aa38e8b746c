using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <content>Metadata files that somebody may need.</content>
internal sealed partial class Placement
{
    /// <summary>Whether anything leads to a metadata file: a table or view of any branch, or of the state that a branch began with, or something that was dropped.</summary>
    public bool IsPointedTo(string metadataLocation) => state.WithoutPointers([metadataLocation], ground.PlaceOf).Count == 0;

    /// <summary>The present states of the other tables with files in the folder of a file, mostly the same one on other branches: those that there are, and those that can be brought back. Each state once.</summary>
    /// <param name="table">The table that is not meant.</param>
    /// <param name="location">The file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IEnumerable<(FolderOwner Owner, string MetadataLocation)>> FindStatesElsewhereAsync(TableIdentifier table, string location, CancellationToken cancellationToken)
    {
        var owners = await FindOwnersAsync([TableFolders.FolderOf(location)], cancellationToken).ConfigureAwait(false);
        return owners.Where(o => !(o.At == at && o.Name == table)).SelectMany(o => StatesOf(o).Select(file => (o, file))).DistinctBy(s => s.file);
    }

    /// <summary>Whether two locations are those of one file.</summary>
    public bool AreOneFile(string location, string other) =>
        location == other || (NameOf(location).SequenceEqual(NameOf(other)) && ground.PlaceOf(location) == ground.PlaceOf(other));

    private IEnumerable<string> StatesOf(FolderOwner owner) => owner switch
    {
        { IsView: true } or { IsForeign: true } => [],
        { IsDropped: false } => state.RequireCatalog(owner.At).FindTable(owner.Name) is { } entry ? [entry.MetadataLocation] : [],
        _ => state.Dropped.Values.Where(d => !d.IsView && !d.IsExpiring && d.At == owner.At && d.Name == owner.Name && d.Identity == owner.Identity).Select(d => d.MetadataLocation),
    };

    private static ReadOnlySpan<char> NameOf(string location) => location.AsSpan(location.LastIndexOf('/') + 1);
}
