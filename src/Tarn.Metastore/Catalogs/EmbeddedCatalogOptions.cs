namespace Tarn.Metastore.Catalogs;

/// <summary>How an <see cref="EmbeddedCatalog"/> presents itself.</summary>
public sealed record EmbeddedCatalogOptions
{
    /// <summary>Under which location new tables go, e.g. <c>s3://lake</c>; a trailing slash is ignored.</summary>
    public required string WarehouseLocation { get; init; }

    /// <summary>Name in SQL. Default: <c>iceberg</c>.</summary>
    public string Name { get; init; } = "iceberg";

    /// <summary>Who commits, as recorded in the log. Default: the user of the operating system.</summary>
    public string Principal { get; init; } = Environment.UserName;
}
