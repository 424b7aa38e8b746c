using Tarn.Commands;
using Tarn.Core.Storage;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs;

namespace Tarn.Composition;

/// <summary>An open lake: its tables and a session on its engine.</summary>
internal interface ILake : IAsyncDisposable
{
    /// <summary>Absolute path of the data folder.</summary>
    string DataFolder { get; }

    /// <summary>The tables.</summary>
    ICatalog Catalog { get; }

    /// <summary>All warehouses and their branches.</summary>
    EmbeddedCatalogs Catalogs { get; }

    /// <summary>The objects that the tables consist of.</summary>
    IObjectStore Store { get; }

    /// <summary>The session of this command.</summary>
    ISqlSession Session { get; }

    /// <summary>
    /// The catalog of a name: the first of several levels may be a warehouse, and goes before a schema of that name when it has the schema that
    /// follows, as in SQL.
    /// </summary>
    /// <returns>The catalog, and the name with it.</returns>
    Task<(ICatalog Catalog, TableName Name)> ResolveAsync(TableName name, CancellationToken cancellationToken);

    /// <summary>A table of the lake, or one outside of it by its path.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound; the message names what is there.</exception>
    Task<TableHandle> LoadTableAsync(TableName name, CancellationToken cancellationToken);

    /// <summary>How many rows stand in a snapshot, those that are deleted left out; null where neither its summary nor its manifests tell.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: a manifest or delete file is missing or damaged.</exception>
    ValueTask<long?> CountRowsAsync(TableHandle table, Snapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Brings files into a table in one commit.</summary>
    /// <exception cref="Core.Errors.TarnException">A source is missing or does not fit; nothing was changed.</exception>
    Task<IngestResult> IngestAsync(IngestRequest request, IProgress<StatementProgress> progress, CancellationToken cancellationToken);
}
