using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Catalogs;

/// <summary>How an <see cref="EmbeddedCatalog"/> presents itself.</summary>
public sealed record EmbeddedCatalogOptions
{
    /// <summary>Under which location new tables of the default warehouse go, e.g. <c>s3://lake</c>; a trailing slash is ignored. Others know their own.</summary>
    public required string WarehouseLocation { get; init; }

    /// <summary>The warehouse and branch that it shows and changes. Default: the main branch of the default warehouse.</summary>
    public CatalogAddress At { get; init; } = CatalogAddress.Default;

    /// <summary>How long dropped tables and views can be brought back, and how long the files of purged ones stay; zero: not at all. Default: 7 days.</summary>
    public TimeSpan Undrop { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether a table is loaded only while its metadata file is there, also when the file is known by heart. For stores where a look costs next to nothing;
    /// default: no.
    /// </summary>
    public bool LooksForFiles { get; init; }

    /// <summary>Folder of the lineage that <c>system.lineage</c> shows; null: there is no such table.</summary>
    public string? LineageFolder { get; init; }

    /// <summary>Name of the default warehouse in SQL.</summary>
    public const string DefaultName = "iceberg";

    /// <summary>Name in SQL. Default: <see cref="DefaultName"/>.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>Who commits, as recorded in the log. Default: the user of the operating system.</summary>
    public string Principal { get; init; } = Environment.UserName;

    /// <summary>Told why a purged table's files are still there after its drop; null: nobody.</summary>
    public Action<TarnException>? OnUnpurged { get; init; }

    /// <summary>The namespace that is created with the first table in it when it is missing; null when namespaces are created before.</summary>
    internal Namespace? Creates { get; init; }

    /// <summary>Most requests that are remembered at once in the store. Default: <see cref="AppliedRequests.MaxCount"/>.</summary>
    public int MaxRequests { get; init; } = AppliedRequests.MaxCount;

    /// <summary>The one request that is to be applied, and is remembered in the commit that applies it; null when it cannot come again.</summary>
    public IdempotentRequest? Request { get; init; }
}
