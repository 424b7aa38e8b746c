using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Requests;
using Tarn.Metastore.Serialization;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Embedded;

/// <summary>Logs that earlier versions of Tarn wrote.</summary>
public sealed class OlderLogTests
{
    private static readonly Namespace Sales = Namespace.Of("sales"), Archive = Namespace.Of("archive");

    [Fact]
    public async Task Read_LogOfVersion010_GivesItsStateAndTakesNewChanges()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixture("tarn-0.1.0/commits.log"), folder["commits.log"]);
        using (var log = new EmbeddedCommitLog(folder.Path))
        {
            RequireFixtureState(await log.ReadAsync());
            await log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
        }

        using var again = new EmbeddedCommitLog(folder.Path);
        var state = await again.ReadAsync();
        Assert.Same(state.Main, state.RequireCatalog(new CatalogAddress("lake", "dev")));
        var history = new List<CommitRecord>();
        await foreach (var commit in again.ReadHistoryAsync())
            history.Add(commit);
        Assert.Equal(Enumerable.Range(1, 20).Select(n => (long)n), history.Select(c => c.Number));
        Assert.All(history.SkipLast(1), c => Assert.Equal(CatalogAddress.Default, c.At));
    }

    /// <summary>A version that would drop what it does not know of a commit must refuse it instead: a request is a change of its own name.</summary>
    [Fact]
    public void Write_RequestThatMayComeAgain_IsAChangeThatOlderVersionsRefuse()
    {
        var request = new IdempotentRequest(new RequestKey("c", new Guid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")), "d", DateTimeOffset.UnixEpoch);
        var line = new ArrayBufferWriter<byte>();
        CommitJson.Write(line, new CommitRecord(1, DateTimeOffset.UnixEpoch, "ada", CatalogAddress.Default, [new CatalogChange.RememberRequest(request, ["m"])]));
        Assert.Contains(
            """
            "changes":[{"op":"remember-request","caller":"c","request":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","digest":"d","until":"1970-01-01T00:00:00.0000000Z","result":["m"]}]}
            """,
            Encoding.UTF8.GetString(line.WrittenSpan), StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<TarnException>(() => CommitJson.Read(Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(line.WrittenSpan).Replace("remember-request", "remember-more", StringComparison.Ordinal)))).Kind);
    }

    private static void RequireFixtureState(LogState state)
    {
        Assert.Equal(19, state.Number);
        Assert.Equal([CatalogAddress.Default], state.Catalogs.Select(c => c.Key));
        Assert.Empty(state.Dropped);
        Assert.Equal([Archive, Namespace.Of("archive", "2023"), Sales], state.Main.Namespaces.Select(n => n.Key));
        Assert.Equal("ada", state.Main.FindNamespace(Sales)!.Properties["owner"]);
        Assert.Equal(["sales.orders", "sales.latest", "sales.v3"], state.Main.Pointers.Select(p => p.Name.ToString()));
        Assert.Equal(
            new TableEntry(new Guid("951f4b7d-1372-4ffc-9ea9-057a63894440"), "s3://lake/sales/orders-k1r9llsv/metadata/00002-6f751a82-d94b-4961-a91e-9d06012e45ed.metadata.json"),
            state.Main.FindTable(new TableIdentifier(Sales, "orders")));
    }

    private static string Fixture(string name, [CallerFilePath] string source = "") =>
        Path.Join(Path.GetDirectoryName(source), "../../fixtures/commit-log", name);
}
