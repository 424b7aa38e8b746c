using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>A branch is a catalog like any other.</summary>
public sealed class BranchCatalogTests : EmbeddedCatalogTests, IAsyncLifetime
{
    protected override CatalogAddress At => new("lake", "dev");

    public async Task InitializeAsync()
    {
        var log = OpenLog();
        await log.AppendAsync(new CommitRequest("setup", [], [new CatalogChange.PutNamespace(Namespace.Of("gone"), ImmutableSortedDictionary<string, string>.Empty)]));
        await log.AppendAsync(new CommitRequest("setup", [], [new CatalogChange.CreateBranch("main")]) { At = At });
        await log.AppendAsync(new CommitRequest("setup", [], [new CatalogChange.DropNamespace(Namespace.Of("gone"))]) { At = At });
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
