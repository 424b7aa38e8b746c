using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Authorization;

/// <summary>Under which locations clients may put things. What the server writes and removes for a client stays there.</summary>
/// <param name="beginnings">Locations below which everything is allowed, such as <c>s3://lake</c>; empty for that of the warehouse that is used.</param>
public sealed class AllowedLocations(IReadOnlyList<string> beginnings)
{
    /// <summary>The location of the warehouse that is used, and nothing else.</summary>
    public static AllowedLocations OfWarehouse { get; } = new([]);

    /// <summary>Whether a client may name a location.</summary>
    /// <param name="location">As named.</param>
    /// <param name="warehouse">Location of the warehouse that is used.</param>
    internal bool Contains(string location, string warehouse) => In(warehouse).Any(beginning => TableFolders.IsIn(location, beginning));

    /// <summary>For messages.</summary>
    /// <param name="warehouse">Location of the warehouse that is used.</param>
    internal string Describe(string warehouse) => string.Join(", ", In(warehouse));

    private IReadOnlyList<string> In(string warehouse) => beginnings.Count > 0 ? beginnings : [warehouse];
}
