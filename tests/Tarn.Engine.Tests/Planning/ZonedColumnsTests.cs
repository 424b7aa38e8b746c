using Tarn.DuckDb.Types;
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
        Assert.Equal(zoned, result.Columns.Any(c => c.Type.Alias == "TIMESTAMP_NS WITH TIME ZONE"));
        await foreach (var batch in result.ReadBatchesAsync())
        {
            var timestamps = Enumerable.Range(0, result.Columns.Count).Select(c => batch.GetValue(c, 0)).OfType<DuckDbTimestamp>().ToArray();
            Assert.Equal(zoned, timestamps.Any(t => t.WithTimeZone));
            Assert.Contains(timestamps, t => !sql.Contains("INTERVAL", StringComparison.Ordinal) ? t.Value == 1_709_202_030_123_456_789 : t.Value > 0);
            break;
        }
    }
}
