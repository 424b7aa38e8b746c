using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Planning;

/// <summary>What a view says of names without a catalog or schema, <c>default-catalog</c> and <c>default-namespace</c> of <see href="https://iceberg.apache.org/view-spec/">the view specification</see>.</summary>
/// <param name="Catalog">The catalog; null for the one that the view is stored in, whatever its reader calls that.</param>
/// <param name="Levels">Levels of the schema; empty for none.</param>
internal sealed record ViewDefaults(string? Catalog, IReadOnlyList<string> Levels)
{
    /// <summary>
    /// The defaults of a new view. A catalog is named only where a name means another one than the view's own, and then by its address, under which other engines attach it:
    /// they do not know what SQL calls it here.
    /// </summary>
    /// <param name="stored">The catalog that the view goes to.</param>
    /// <param name="scope">Where its query was bound.</param>
    /// <param name="isScoped">Whether a name in it says no catalog.</param>
    /// <exception cref="TarnException">Unsupported: the names mean another branch of the view's own catalog.</exception>
    public static ViewDefaults Of(ICatalog stored, NameScope scope, bool isScoped)
    {
        var levels = scope.Namespace?.Levels ?? [];
        if (scope.Catalog.Address == stored.Address)
            return new(null, levels);
        if (!isScoped)
            return new(null, []);
        // A branch's views go on with its merge, so that a view's own catalog is meant by the name of any of its branches.
        return NameResolver.IsSameWarehouse(scope.Catalog, stored)
            ? throw TarnException.Unsupported($"The view goes to '{stored.Name}', and its query names what is in '{scope.Catalog.Name}', another branch of the same catalog, without saying so. Write the catalog before each name in it: \"{scope.Catalog.Address}\".schema.table")
            : new(scope.Catalog.Address, levels);
    }
}
