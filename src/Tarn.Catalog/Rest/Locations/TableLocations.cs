using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;

namespace Tarn.Catalog.Rest.Locations;

/// <summary>The locations that a commit names: each must be allowed, or lie where the table is already.</summary>
internal static class TableLocations
{
    private static readonly string[] s_properties = ["write.data.path", "write.metadata.path", "write.object-storage.path", "write.folder-storage.path"];

    /// <summary>Checks properties that say where files go.</summary>
    /// <exception cref="Errors.RestException">403.</exception>
    public static void Check(RestCall call, IReadOnlyDictionary<string, string> properties)
    {
        foreach (string name in s_properties)
        {
            if (properties.TryGetValue(name, out string? location) && location.Length > 0)
                call.Services.Locations.Require(location, $"The property {name}");
        }
    }

    /// <summary>Checks all that a commit names.</summary>
    /// <exception cref="Errors.RestException">403.</exception>
    public static async ValueTask CheckAsync(RestCall call, TableCommit commit, CancellationToken cancellationToken)
    {
        string? own = null;
        bool isOwnKnown = false;
        foreach (var (location, what) in commit.Updates.SelectMany(Named))
        {
            if (call.Services.Locations.IsAllowed(location))
                continue;
            if (!isOwnKnown)
                (own, isOwnKnown) = (await LocationOfAsync(call, commit.Table, cancellationToken), true);
            if (own is null || !AllowedLocations.IsBelow(location, own))
                call.Services.Locations.Require(location, what);
        }
    }

    private static IEnumerable<(string Location, string What)> Named(TableUpdate update) => update switch
    {
        TableUpdate.SetLocation u => [(u.Location, "The location of the table")],
        TableUpdate.SetProperties u => s_properties.Where(name => u.Updates.GetValueOrDefault(name) is { Length: > 0 }).Select(name => (u.Updates[name], $"The property {name}")),
        TableUpdate.AddSnapshot { Snapshot: { ManifestList: { } list } s } => [(list, $"The manifest list of snapshot {s.SnapshotId}")],
        TableUpdate.AddSnapshot { Snapshot: { Manifests: { } manifests } s } => manifests.Select(m => (m, $"A manifest of snapshot {s.SnapshotId}")),
        TableUpdate.SetStatistics u => [(u.Statistics.StatisticsPath, "The statistics file")],
        TableUpdate.SetPartitionStatistics u => [(u.PartitionStatistics.StatisticsPath, "The partition statistics file")],
        _ => [],
    };

    private static async ValueTask<string?> LocationOfAsync(RestCall call, TableIdentifier table, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Catalog.LoadTableAsync(table, cancellationToken))?.Metadata.Location;
        }
        catch (TarnException error) when (error.Kind is ErrorKind.PermissionDenied or ErrorKind.DataCorrupted)
        {
            return null;
        }
    }
}
