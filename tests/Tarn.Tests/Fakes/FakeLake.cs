using Tarn.Commands;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Tests.Fakes;

/// <summary>A lake of fixed tables with a session on bare DuckDB.</summary>
internal sealed class FakeLake(params IReadOnlyList<TableHandle> tables) : ILake
{
    public DuckDbSession DuckDb { get; } = new();

    public string DataFolder => "/fake";

    public ICatalog Catalog { get; init; } = new FixedCatalog(tables);

    public Tarn.Metastore.Catalogs.EmbeddedCatalogs Catalogs => throw new NotSupportedException();

    public Tarn.Core.Storage.IObjectStore Store => throw new NotSupportedException();

    public ISqlSession Session => DuckDb;

    public Task<(ICatalog Catalog, TableName Name)> ResolveAsync(TableName name, CancellationToken cancellationToken) => Task.FromResult((Catalog, name));

    public async Task<TableHandle> LoadTableAsync(TableName name, CancellationToken cancellationToken) =>
        await Catalog.LoadTableAsync(name.Identifier!, cancellationToken) ?? throw TarnException.NotFound($"no table {name}");

    public ValueTask<long?> CountRowsAsync(TableHandle table, Snapshot snapshot, CancellationToken cancellationToken) => new(snapshot.Count("total-records"));

    public Task<IngestResult> IngestAsync(IngestRequest request, IProgress<StatementProgress> progress, CancellationToken cancellationToken) =>
        throw TarnException.Unsupported("a lake of fixed tables takes no files");

    public ValueTask DisposeAsync() => DuckDb.DisposeAsync();
}
