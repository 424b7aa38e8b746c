using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Metastore.Catalogs;

/// <summary>The places of all files that a table leads to, for tables whose folders tell nothing of them. Metadata files never change: what was found out once is kept.</summary>
/// <param name="store">The store of files.</param>
/// <param name="files">Reads metadata files.</param>
/// <param name="placeOf">One text for one place.</param>
internal sealed class ReachedPlaces(IObjectStore store, MetadataFiles files, Func<string, string> placeOf)
{
    /// <summary>Most bytes kept: the places of some hundred thousand files.</summary>
    private const long CapacityBytes = 32L << 20;

    private readonly WeighedCache<string, IReadOnlyList<string>> _kept = new(CapacityBytes);

    /// <summary>The places; null when something on the way cannot be read, so that nobody knows all of them.</summary>
    public async ValueTask<IReadOnlyList<string>?> FindAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        if (_kept.Find(metadataLocation) is { } known)
            return known;
        try
        {
            var (metadata, _) = await files.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<string> places = [.. (await ReachableFiles.FindAsync(store, metadataLocation, metadata, cancellationToken: cancellationToken).ConfigureAwait(false)).Select(placeOf)];
            _kept.Keep(metadataLocation, places, metadataLocation.Length + places.Sum(p => p.Length));
            return places;
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.Unsupported or ErrorKind.InvalidRequest)
        {
            return null;
        }
    }
}
