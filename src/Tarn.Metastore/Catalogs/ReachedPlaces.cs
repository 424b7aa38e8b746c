using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>The places of all files that a table leads to, for tables whose folders tell nothing of them. Metadata files never change: what was found out once is kept.</summary>
/// <param name="store">The store of files.</param>
/// <param name="files">Reads metadata files.</param>
/// <param name="placeOf">One text for one place.</param>
/// <param name="time">The clock.</param>
/// <param name="mostBytes">Most bytes kept of one table: of more files, their folders are the places.</param>
internal sealed class ReachedPlaces(IObjectStore store, MetadataFiles files, Func<string, string> placeOf, TimeProvider time, long mostBytes = ReachedPlaces.CapacityBytes / 2)
{
    /// <summary>Most bytes kept: the places of some hundred thousand files.</summary>
    private const long CapacityBytes = 32L << 20;

    private readonly WeighedCache<string, Reached> _kept = new(CapacityBytes);

    /// <summary>The places; null when something on the way cannot be read, or there are too many, so that nobody knows all of them.</summary>
    public async ValueTask<IReadOnlyList<string>?> FindAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        if (_kept.Find(metadataLocation) is { } known && time.GetUtcNow() < known.Until)
            return known.Places;
        var reached = await ReadAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        _kept.Replace(metadataLocation, reached, metadataLocation.Length + WeightOf(reached.Places ?? []));
        return reached.Places;
    }

    private async ValueTask<Reached> ReadAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        try
        {
            var (metadata, _) = await files.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<string> places = [.. (await ReachableFiles.FindAsync(store, metadataLocation, metadata, cancellationToken: cancellationToken).ConfigureAwait(false)).Select(placeOf)];
            if (WeightOf(places) > mostBytes)
                places = [.. places.Select(TableFolders.FolderOf).Distinct(StringComparer.Ordinal)];
            return new Reached(WeightOf(places) > mostBytes ? null : places, DateTimeOffset.MaxValue);
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            return new Reached(null, time.GetUtcNow() + KnownFolders.UnreadableFor);
        }
    }

    private static long WeightOf(IReadOnlyList<string> places) => places.Sum(p => (long)p.Length);

    private sealed record Reached(IReadOnlyList<string>? Places, DateTimeOffset Until);
}
