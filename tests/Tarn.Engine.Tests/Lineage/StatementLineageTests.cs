using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Lineage;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Lineage;

public sealed class StatementLineageTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly KeptEvents _kept = new();
    private LocalLake _lake = null!;
    private LakeEngine _engine = null!;
    private ISqlSession _session = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder["data"]);
        _engine = new LakeEngine(_lake.Catalogs, _lake.Store, lineage: _kept);
        _session = _engine.OpenSession(principal: "ada");
        await RunAsync("CREATE SCHEMA s");
        await RunAsync("CREATE TABLE s.a AS SELECT 1 AS id, 'x' AS secret");
        _kept.Events.Clear();
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _engine.Dispose();
        await _lake.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("CREATE TABLE s.b AS SELECT * FROM s.a", "CREATE TABLE", "lake/s.a", "lake/s.b")]
    [InlineData("CREATE TABLE s.b (id bigint)", "CREATE TABLE", "", "lake/s.b")]
    [InlineData("CREATE VIEW s.v AS SELECT id FROM s.a", "CREATE VIEW", "lake/s.a", "lake/s.v")]
    [InlineData("INSERT INTO s.a SELECT id + 1, secret FROM s.a", "INSERT", "lake/s.a", "lake/s.a")]
    [InlineData("INSERT INTO s.a VALUES (2, 'y')", "INSERT", "", "lake/s.a")]
    [InlineData("DELETE FROM s.a WHERE id = 1", "DELETE", "", "lake/s.a")]
    [InlineData("SELECT * FROM s.a JOIN s.a AS b USING (id)", "SELECT", "lake/s.a", "")]
    [InlineData("SELECT * FROM \"iceberg@dev\".s.a", "SELECT", "lake@dev/s.a", "")]
    public async Task Statement_ThatTouchesTables_IsRecordedOnce(string sql, string operation, string inputs, string outputs)
    {
        await _lake.Catalogs.Branches("lake").CreateAsync("dev");
        await RunAsync(sql);
        var found = Assert.Single(_kept.Events);
        Assert.Equal((operation, inputs, outputs, "ada", "tarn", LineageStatus.Succeeded), (found.Operation, Names(found.Inputs), Names(found.Outputs), found.Principal, found.Engine, found.Status));
        Assert.NotNull(found.Duration);
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("SHOW SCHEMAS")]
    [InlineData("EXPLAIN SELECT * FROM s.a")]
    [InlineData("COMMENT ON TABLE s.a IS 'x'")]
    [InlineData("ALTER TABLE s.a SET TAGS ('x')")]
    [InlineData("SELECT * FROM system.tags")]
    [InlineData("SELECT * FROM s.\"a$snapshots\"")]
    public async Task Statement_ThatMovesNoRows_IsNotRecorded(string sql)
    {
        await RunAsync(sql);
        Assert.Empty(_kept.Events);
    }

    [Fact]
    public async Task Statement_ThroughAView_NamesTheViewAndWhatIsBehind()
    {
        await RunAsync("CREATE VIEW s.v AS SELECT id FROM s.a");
        _kept.Events.Clear();
        await RunAsync("CREATE TABLE s.b AS SELECT * FROM s.v");
        var found = Assert.Single(_kept.Events);
        Assert.Equal("lake/s.a lake/s.v", Names(found.Inputs));
        var table = (await _lake.Catalog.LoadTableAsync(Iceberg.Catalogs.TableIdentifier.Of("s", "b")))!;
        Assert.Equal(table.Metadata.CurrentSnapshotId, Assert.Single(found.Outputs).SnapshotId);
        Assert.NotNull(found.Inputs.Single(i => i.Kind == LineageObject.Table).SnapshotId);
    }

    [Fact]
    public async Task Statement_ThatFails_IsRecordedAsFailedAndWroteNothing()
    {
        await Assert.ThrowsAnyAsync<TarnException>(() => RunAsync("INSERT INTO s.a SELECT CAST(secret AS bigint), secret FROM s.a"));
        var found = Assert.Single(_kept.Events);
        Assert.Equal((LineageStatus.Failed, "lake/s.a", ""), (found.Status, Names(found.Inputs), Names(found.Outputs)));
    }

    [Fact]
    public async Task Query_LeftBeforeItsEnd_IsRecordedAsCancelled()
    {
        var result = await _session.ExecuteAsync("SELECT * FROM s.a");
        Assert.Empty(_kept.Events);
        await result.DisposeAsync();
        await result.DisposeAsync();
        Assert.Equal(LineageStatus.Cancelled, Assert.Single(_kept.Events).Status);
    }

    [Fact]
    public async Task Statement_WithConstants_IsKeptWithoutThem()
    {
        await RunAsync("SELECT id /* hunter2 */ FROM s.a\n  WHERE secret = 'hunter2' AND id < 4711 -- hunter2\n");
        await RunAsync("SELECT id FROM s.a WHERE secret = 'other' AND id < 1");
        Assert.Equal("SELECT id FROM s.a WHERE secret = ? AND id < ?", _kept.Events[0].Statement);
        Assert.Equal(_kept.Events[0].StatementHash, _kept.Events[1].StatementHash);
    }

    [Fact]
    public async Task Ingest_OfFiles_NamesThemAndTheTable()
    {
        await File.WriteAllTextAsync(_folder["in.csv"], "id,name\n1,x\n");
        await _engine.IngestAsync(new IngestRequest([_folder["in.csv"]], QualifiedName.Of("s", "c")));
        var found = Assert.Single(_kept.Events);
        Assert.Equal(("INGEST", Path.GetFullPath(_folder["in.csv"]), "lake/s.c"), (found.Operation, Names(found.Inputs), Names(found.Outputs)));
        Assert.Null(found.Statement);
    }

    private Task<IReadOnlyList<object?[]>> RunAsync(string sql) => LocalLake.RunAsync(_session, sql);

    private static string Names(IEnumerable<LineageObject> objects) => string.Join(' ', objects.Select(o => o.Name).Order(StringComparer.Ordinal));

    private sealed class KeptEvents : ILineageLog
    {
        public List<LineageEvent> Events { get; } = [];

        public long LostCount => 0;

        public void Record(LineageEvent lineageEvent) => Events.Add(lineageEvent);
    }
}
