using Tarn.Core.Storage;
using Tarn.Engine.Execution;
using Tarn.Engine.Ingest;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine;

/// <summary>
/// SQL over the Iceberg tables of one or more catalogs: the embedded engine. Thread safe; one per process. Disposing ends it after its sessions.
/// </summary>
public sealed class LakeEngine : IDisposable
{
    private readonly EngineServices services;

    /// <summary>Creates an engine; the native library is loaded when the first session opens.</summary>
    /// <param name="catalogs">Its catalogs; the default one is where sessions start.</param>
    /// <param name="store">Where metadata and data files lie.</param>
    /// <param name="map">How locations are mapped, for comparing paths; the store maps on its own.</param>
    /// <param name="options">What a user tunes; null is the defaults.</param>
    /// <param name="time">Clock; null is the system's.</param>
    /// <param name="lineage">Takes what statements read and write; null when nobody keeps it.</param>
    public LakeEngine(ICatalogs catalogs, IObjectStore store, LocationMap? map = null, EngineOptions? options = null, TimeProvider? time = null, ILineageLog? lineage = null)
    {
        services = new EngineServices(catalogs, store, map ?? LocationMap.Empty, time ?? TimeProvider.System, options ?? new EngineOptions(), lineage);
    }

    /// <summary>Begins a conversation.</summary>
    /// <param name="trust">What its statements may do beside asking the catalogs. Untrusted sessions read data files in <see cref="EngineOptions.DataDirectories"/> only.</param>
    /// <param name="principal">Whose statements they are, for lineage; null for the user of the operating system.</param>
    public ISqlSession OpenSession(SessionTrust trust = SessionTrust.Trusted, string? principal = null) => new EngineSession(services, trust, principal);

    /// <summary>The table of a name: schema levels and table, with the catalog in front where it is not the first; found exactly, then ignoring case.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound, with what is there; InvalidRequest when it is a view.</exception>
    public async ValueTask<TableHandle> FindTableAsync(IReadOnlyList<string> name, CancellationToken cancellationToken = default)
    {
        await using var session = new EngineSession(services, SessionTrust.Trusted, null);
        var context = new StatementContext(session, new StatementOptions());
        return (await TableLookup.TableAsync(context, QualifiedName.Of([.. name]), cancellationToken).ConfigureAwait(false)).Table;
    }

    /// <summary>A table outside every catalog, by the path of its folder or of a metadata file.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound when there is no table at the path.</exception>
    public ValueTask<TableHandle> OpenTableAsync(string path, CancellationToken cancellationToken = default) => services.Paths.OpenAsync(path, cancellationToken);

    /// <summary>
    /// How many rows stand in a snapshot: the records of its data files without what is deleted by position, by its summary or else its manifests. Null where
    /// neither tells and only reading data files would, as equality deletes apply to them.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="snapshot">One of its snapshots.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: a manifest or delete file is missing or damaged.</exception>
    public ValueTask<long?> CountRowsAsync(TableHandle table, Snapshot snapshot, CancellationToken cancellationToken = default) =>
        new LiveRowCount(services, SessionTrust.Trusted).FindAsync(table, snapshot, cancellationToken);

    /// <summary>Brings files into a table in one commit.</summary>
    /// <exception cref="Core.Errors.TarnException">Naming file, line, column and value where they are known; nothing was changed.</exception>
    public async Task<IngestResult> IngestAsync(IngestRequest request, IProgress<StatementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await using var session = new EngineSession(services, SessionTrust.Trusted, null);
        var lineage = session.LineageOf("INGEST", null);
        var context = new StatementContext(session, new StatementOptions { Progress = progress }) { Lineage = lineage };
        try
        {
            var result = await Task.Run(() => new Ingestor(context).RunAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            lineage?.End(null);
            return result;
        }
        catch (Exception error)
        {
            lineage?.End(error);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => services.Dispose();
}
