using Tarn.Engine.Foreign;
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

    /// <summary>The catalog that it is in; null for a table outside of every catalog.</summary>
    public ICatalog? CatalogOf => this switch
    {
        Table table => table.Catalog,
        Foreign foreign => foreign.Catalog,
        View view => view.Catalog,
        _ => null,
    };

    /// <summary>An Iceberg table. <paramref name="MetadataTable"/> is the part behind <c>$</c> of <c>orders$files</c>, or null for the rows.</summary>
    public sealed record Table(TableHandle Handle, string? MetadataTable) : TableSource
    {
        /// <summary>A table about the catalog; then <see cref="Handle"/> holds its columns and nothing else. Null for all others.</summary>
        public SystemTable? System { get; init; }

        /// <summary>How the files of a table of another format are read; then <see cref="Handle"/> holds its columns and nothing else. Null for all others.</summary>
        public ForeignLayout? Layout { get; init; }

        /// <summary>The catalog that it is in; null for a table outside of every catalog.</summary>
        public ICatalog? Catalog { get; init; }
    }

    /// <summary>A table of another format, and the catalog that it is in.</summary>
    public sealed record Foreign(ForeignTableHandle Handle, ICatalog Catalog) : TableSource
    {
        /// <summary>The table as the engine reads it.</summary>
        /// <exception cref="Core.Errors.TarnException">Unsupported: it is in a format that is not read.</exception>
        public Table Open()
        {
            var layout = ForeignLayout.Of(Handle);
            return new Table(layout.ToTable(), null) { Layout = layout, Catalog = Catalog };
        }
    }

    /// <summary>A view, and the catalog that it is in.</summary>
    public sealed record View(ViewHandle Handle, ICatalog Catalog) : TableSource;
}

/// <summary>Where unqualified names are looked up.</summary>
/// <param name="Catalog">Current catalog.</param>
/// <param name="Namespace">Current schema, or null.</param>
internal sealed record NameScope(ICatalog Catalog, Namespace? Namespace);
