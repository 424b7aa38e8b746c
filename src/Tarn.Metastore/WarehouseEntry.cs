using System.Collections.Immutable;

namespace Tarn.Metastore;

/// <summary>A warehouse: tables under one location, on one branch or several.</summary>
/// <param name="Location">Under which location its tables go; null for the default warehouse, whose location the data folder says.</param>
/// <param name="Properties">Its properties: defaults and overrides of tables.</param>
/// <param name="Branches">Its branches by name; <see cref="CatalogAddress.MainBranch"/> is always there.</param>
public sealed record WarehouseEntry(
    string? Location,
    ImmutableSortedDictionary<string, string> Properties,
    ImmutableSortedDictionary<string, BranchEntry> Branches)
{
    /// <summary>A warehouse without tables.</summary>
    public static WarehouseEntry Empty { get; } = new(
        null,
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, BranchEntry>(StringComparer.Ordinal).Add(CatalogAddress.MainBranch, new BranchEntry(CatalogState.Empty, 0, null)));
}

/// <summary>A branch of a warehouse.</summary>
/// <param name="Catalog">What it shows.</param>
/// <param name="HeadNumber">Number of the last commit that changed it, or made it.</param>
/// <param name="Origin">Where it came from; null for the main branch.</param>
public sealed record BranchEntry(CatalogState Catalog, long HeadNumber, BranchOrigin? Origin);

/// <summary>Where a branch came from, and the state that it was last equal to.</summary>
/// <param name="Parent">The branch that it was made of.</param>
/// <param name="CreatedNumber">Number of the commit that made it.</param>
/// <param name="CreatedTime">Time of that commit.</param>
/// <param name="BaseNumber">Number of the commit that <paramref name="Base"/> was taken at: the making of the branch or the last merge between the two.</param>
/// <param name="Base">The common state that changes of both sides are told from. It shares everything that is still unchanged.</param>
public sealed record BranchOrigin(string Parent, long CreatedNumber, DateTimeOffset CreatedTime, long BaseNumber, CatalogState Base)
{
    /// <summary>What <see cref="DroppedEntry.Common"/> is of something on the branch: its metadata files in the common state, under whatever names, and what it brings itself.</summary>
    internal IReadOnlyList<string> FindCommon(CatalogPointer there) => [.. Base.FilesOf(there).Concat(there.Common).Distinct(StringComparer.Ordinal)];
}
