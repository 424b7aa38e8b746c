using Tarn.Core.Caching;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// Where the files lie that a manifest list leads to: beginnings, one of which each of their locations has. Lists and manifests never change, so what was found out
/// once is kept, and what certainly lies elsewhere need not be read again.
/// </summary>
/// <param name="store">The store of files.</param>
/// <param name="placeOf">One text for one place.</param>
internal sealed class ReachedPrefixes(IObjectStore store, Func<string, string> placeOf)
{
    /// <summary>Most bytes kept: the beginnings of some hundred thousand manifests.</summary>
    public const long CapacityBytes = 32L << 20;

    /// <summary>Most beginnings of one list; more are replaced by the one that they have in common.</summary>
    private const int MaxPrefixes = 8;

    // A key and a text of about this many characters each, in UTF-16, and what holds them.
    private const int WeightPerTextBytes = 400;

    private readonly WeighedCache<string, string[]> _kept = new(CapacityBytes);

    /// <summary>The beginnings of the places of all manifests of a list and of all files in them.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound or DataCorrupted when the list or a manifest cannot be read.</exception>
    public async ValueTask<IReadOnlyList<string>> OfAsync(string manifestList, CancellationToken cancellationToken)
    {
        if (_kept.Find(manifestList) is { } known)
            return known;
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var manifest in ManifestListReader.Read(await store.ReadAsync(manifestList, cancellationToken).ConfigureAwait(false), manifestList))
            found.Add(await OfAsync(manifest, cancellationToken).ConfigureAwait(false));
        return Keep(manifestList, found.Count <= MaxPrefixes ? [.. found] : [found.Aggregate(Common)]);
    }

    private async ValueTask<string> OfAsync(ManifestFile manifest, CancellationToken cancellationToken)
    {
        if (_kept.Find(manifest.ManifestPath) is { } known)
            return known[0];
        var bytes = await store.ReadAsync(manifest.ManifestPath, cancellationToken).ConfigureAwait(false);
        string common = ManifestReader.ReadLocations(bytes, manifest)
            .Select(placeOf)
            .Aggregate(placeOf(manifest.ManifestPath), Common);
        return Keep(manifest.ManifestPath, [common])[0];
    }

    private string[] Keep(string location, string[] prefixes)
    {
        _kept.Keep(location, prefixes, (1L + prefixes.Length) * WeightPerTextBytes);
        return prefixes;
    }

    private static string Common(string one, string other)
    {
        int length = one.AsSpan().CommonPrefixLength(other);
        return length == one.Length ? one : one[..length];
    }
}
