using System.Collections.Immutable;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>A second warehouse is a catalog like any other.</summary>
public sealed class WarehouseCatalogTests : EmbeddedCatalogTests, IAsyncLifetime
{
    protected override CatalogAddress At => new("second", "main");

    public async Task InitializeAsync() => await OpenLog().AppendAsync(
        new CommitRequest("setup", [], [new CatalogChange.PutWarehouse("s3://lake/second", ImmutableSortedDictionary<string, string>.Empty)]) { At = At });

    public Task DisposeAsync() => Task.CompletedTask;
}
