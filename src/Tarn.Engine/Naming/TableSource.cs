using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Inspection;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Naming;

/// <summary>What a name in a query stands for.</summary>
internal abstract record TableSource
{
    private TableSource()
    {
    }

    /// <summary>An Iceberg table. <paramref name="MetadataTable"/> is the part behind <c>$</c> of <c>orders$files</c>, or null for the rows.</summary>
    public sealed record Table(TableHandle Handle, string? MetadataTable) : TableSource
    {
        /// <summary>A table about the catalog; then <see cref="Handle"/> holds its columns and nothing else. Null for all others.</summary>
        public SystemTable? System { get; init; }
    }

    /// <summary>A view, and the catalog that it is in.</summary>
    public sealed record View(ViewHandle Handle, ICatalog Catalog) : TableSource;
}

/// <summary>Where unqualified names are looked up.</summary>
/// <param name="Catalog">Current catalog.</param>
/// <param name="Namespace">Current schema, or null.</param>
internal sealed record NameScope(ICatalog Catalog, Namespace? Namespace);
