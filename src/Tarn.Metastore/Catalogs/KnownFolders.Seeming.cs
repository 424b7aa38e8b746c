using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <content>
/// Where tables seem to lie by what the catalog has in memory of them: their metadata files, and the folders that they had before. A table writes both its metadata and its manifest lists
/// to one folder, so that whoever has lists of its own in a folder that was drawn for another table seems to lie there too, and nobody else need be read.
/// </content>
internal sealed partial class KnownFolders
{
    private readonly ConditionalWeakTable<NamespaceEntry, SeemingTables> _seeming = [];
    private readonly ConditionalWeakTable<TableEntry, string[]> _seemingPlaces = [];
    private readonly ConditionalWeakTable<ImmutableSortedDictionary<DroppedKey, DroppedEntry>, ILookup<string, DroppedEntry>> _seemingDropped = [];

    /// <summary>The tables of a namespace that seem to lie in a folder <c>NAME-ID</c>, or at one that it lies in.</summary>
    /// <param name="entry">The namespace.</param>
    /// <param name="around">The place of the folder, and all that it lies in.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IReadOnlyList<HeldFolders>> OfSeemingAsync(NamespaceEntry entry, IReadOnlyList<string> around, CancellationToken cancellationToken)
    {
        List<HeldFolders> found = [];
        foreach (var (name, table) in _seeming.GetValue(entry, e => new SeemingTables(e, SeemingPlacesOf)).In(around))
            found.Add(Held(name, table, await OfTableAsync(table.MetadataLocation, cancellationToken).ConfigureAwait(false)));
        return found;
    }

    /// <summary>The dropped tables that seem to lie there.</summary>
    /// <param name="dropped">What was dropped.</param>
    /// <param name="around">The place of the folder, and all that it lies in.</param>
    public IEnumerable<DroppedEntry> SeemingOf(ImmutableSortedDictionary<DroppedKey, DroppedEntry> dropped, IReadOnlyList<string> around)
    {
        var seeming = _seemingDropped.GetValue(dropped, all => Lookup(all.Values.Where(d => !d.IsView), d => SeemingPlaces(d.MetadataLocation, d.FormerFolders)));
        return around.SelectMany(folder => seeming[folder]).Distinct(ReferenceEqualityComparer.Instance).Cast<DroppedEntry>();
    }

    private string[] SeemingPlacesOf(TableEntry table) => _seemingPlaces.GetValue(table, t => [.. SeemingPlaces(t.MetadataLocation, t.FormerFolders)]);

    private static ILookup<string, T> Lookup<T>(IEnumerable<T> all, Func<T, IEnumerable<string>> placesOf) =>
        all.SelectMany(one => placesOf(one).Select(place => (Place: place, One: one))).ToLookup(p => p.Place, p => p.One, StringComparer.Ordinal);

    private IEnumerable<string> SeemingPlaces(string metadataLocation, IReadOnlyList<string> former)
    {
        var places = WithDrawnAbove(AboveMetadata(metadataLocation));
        return former.Count == 0 ? places : places.Concat(former.SelectMany(f => WithDrawnAbove(placeOf(f))));
    }

    // Of what it lies in, only such folders are ever asked about as may have been drawn: all of them would be several for each table.
    private static List<string> WithDrawnAbove(string place)
    {
        List<string> places = [place];
        for (int end = place.LastIndexOf('/'), start; end > 0; end = start)
        {
            start = place.LastIndexOf('/', end - 1);
            if (EmbeddedCatalog.HasId(place.AsSpan(start + 1, end - start - 1)))
                places.Add(place[..end]);
        }

        return places;
    }

    // Each commit makes another entry of its namespace, which is asked about once or twice: that is looked through, and only what stays gets a lookup.
    private sealed class SeemingTables(NamespaceEntry entry, Func<TableEntry, string[]> placesOf)
    {
        private const int MaxLooks = 4;
        private ILookup<string, KeyValuePair<string, TableEntry>>? _lookup;
        private int _looks;

        public IEnumerable<KeyValuePair<string, TableEntry>> In(IReadOnlyList<string> around)
        {
            if (_lookup is null && Interlocked.Increment(ref _looks) > MaxLooks)
                _lookup = Lookup(entry.Tables, t => placesOf(t.Value));
            return _lookup is { } known
                ? around.SelectMany(folder => known[folder]).DistinctBy(t => t.Key)
                : entry.Tables.Where(t => Array.Exists(placesOf(t.Value), around.Contains));
        }
    }
}
