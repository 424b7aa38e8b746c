using Tarn.DuckDb.Types;
using Tarn.Engine.Types;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec.Types;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

public sealed class ZonedColumnsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private LocalLake lake = null!;

    public async Task InitializeAsync()
    {
        lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id int, seen timestamp(9) with time zone, local timestamp(9)) WITH (format_version = 3)");
        await lake.RunAsync("CREATE TABLE s.u (id int, seen timestamp(9)) WITH (format_version = 3)");
        await lake.RunAsync("INSERT INTO s.t VALUES (1, TIMESTAMP_NS '2024-02-29 10:20:30.123456789', TIMESTAMP_NS '2024-02-29 10:20:30.123456789'), (2, NULL, NULL)");
        await lake.RunAsync("INSERT INTO s.u VALUES (1, TIMESTAMP_NS '2024-02-29 10:20:30.123456789')");
        await lake.RunAsync("CREATE VIEW s.v AS SELECT id, seen AS moment, local FROM s.t");
    }

    public async Task DisposeAsync()
    {
        await lake.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("SELECT seen FROM s.t ORDER BY id", true)]
    [InlineData("SELECT local FROM s.t ORDER BY id", false)]
    [InlineData("SELECT x.Seen AS moment FROM s.t x ORDER BY id", true)]
    [InlineData("SELECT * EXCLUDE (id, local) FROM s.t ORDER BY id", true)]
    [InlineData("SELECT moment FROM s.v ORDER BY id", true)]
    [InlineData("SELECT moment FROM (SELECT seen AS moment, id FROM s.t) ORDER BY id", true)]
    [InlineData("SELECT t.seen FROM s.t t JOIN s.u u USING (id)", true)]
    [InlineData("SELECT u.seen FROM s.t t JOIN s.u u USING (id)", false)]
    [InlineData("SELECT seen + INTERVAL 1 HOUR AS seen FROM s.t ORDER BY id", false)]
    [InlineData("SELECT max(seen) AS seen FROM s.t", false)]
    [InlineData("SELECT local AS seen FROM s.t ORDER BY id", false)]
    [InlineData("SELECT * REPLACE (local AS seen) FROM s.t ORDER BY id", false)]
    [InlineData("SELECT seen FROM s.t WHERE id = 1 UNION ALL SELECT seen FROM s.u", false)]
    public async Task Query_ColumnOfInstants_KeepsItsZoneWherePassedOn(string sql, bool zoned)
    {
        await using var result = await lake.Session.ExecuteAsync(sql);
        Assert.Equal(zoned, result.Columns.Any(c => c.Type.Alias == EngineType.ZonedNanos));
        await foreach (var batch in result.ReadBatchesAsync())
        {
            var timestamps = Enumerable.Range(0, result.Columns.Count).Select(c => batch.GetValue(c, 0)).OfType<DuckDbTimestamp>().ToArray();
            Assert.Equal(zoned, timestamps.Any(t => t.WithTimeZone));
            Assert.Contains(timestamps, t => !sql.Contains("INTERVAL", StringComparison.Ordinal) ? t.Value == 1_709_202_030_123_456_789 : t.Value > 0);
            break;
        }
    }

    [Theory]
    [InlineData("SELECT id, seen, local FROM s.t", "seen timestamptz_ns, local timestamp_ns")]
    [InlineData("SELECT id, moment, local FROM s.v", "moment timestamptz_ns, local timestamp_ns")]
    [InlineData("SELECT id, local AS seen, seen AS local FROM s.t", "seen timestamp_ns, local timestamptz_ns")]
    [InlineData("SELECT t.id, t.seen, u.seen AS local FROM s.t t JOIN s.u u USING (id)", "seen timestamptz_ns, local timestamp_ns")]
    public async Task CreateTableAs_ColumnOfInstants_KeepsItsZoneWherePassedOn(string sql, string types)
    {
        await lake.RunAsync($"CREATE TABLE s.copy WITH (format_version = 3) AS {sql}");
        var copy = (await lake.Catalog.LoadTableAsync(TableIdentifier.Of("s", "copy")))!.Metadata.CurrentSchema;
        Assert.Equal(types, string.Join(", ", copy.Fields.Skip(1).Select(f => $"{f.Name} {f.Type}")));
        string zoned = copy.Fields.Single(f => f.Type.Id == TypeId.TimestampTzNs).Name;
        var row = Assert.Single(await lake.RunAsync($"SELECT {zoned} FROM s.copy WHERE id = 1"));
        Assert.Equal((true, 1_709_202_030_123_456_789), row[0] is DuckDbTimestamp instant ? (instant.WithTimeZone, instant.Value) : default);
    }

    [Fact]
    public async Task CreateTableAs_ColumnOfInstantsUnderOtherNames_KeepsItsZone()
    {
        await lake.RunAsync("CREATE TABLE s.copy (number, moment) WITH (format_version = 3) AS SELECT id, seen FROM s.t");
        Assert.Equal(TypeId.TimestampTzNs, (await lake.Catalog.LoadTableAsync(TableIdentifier.Of("s", "copy")))!.Metadata.CurrentSchema.Fields[1].Type.Id);
    }
}
