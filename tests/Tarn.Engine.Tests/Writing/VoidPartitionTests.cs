using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Writing;

/// <summary>Tables of format version 1, where a partition field that was dropped stays as a void one, and its column may be dropped too.</summary>
public sealed class VoidPartitionTests
{
    [Fact]
    public async Task Insert_VoidFieldOverDroppedColumn_Writes()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        foreach (string sql in new[]
        {
            "CREATE SCHEMA p", "CREATE TABLE p.v1 (a INT, b INT) WITH (format_version = 1, partitioning = ARRAY['a'])", "INSERT INTO p.v1 VALUES (1, 2)",
            "ALTER TABLE p.v1 SET PROPERTIES partitioning = ARRAY[]", "ALTER TABLE p.v1 DROP COLUMN a", "INSERT INTO p.v1 VALUES (3)",
            "ALTER TABLE p.v1 SET PROPERTIES partitioning = ARRAY['b']", "INSERT INTO p.v1 VALUES (4)", "DELETE FROM p.v1 WHERE b = 3",
        })
            await lake.RunAsync(sql);
        Assert.Equal([2, 4], (await lake.RunAsync("SELECT b FROM p.v1 ORDER BY b")).Select(r => r[0]));
        Assert.Equal(2L, (await lake.RunAsync("SELECT sum(record_count)::BIGINT FROM p.\"v1$partitions\""))[0][0]);
        string text = (string)(await lake.RunAsync("SHOW CREATE TABLE p.v1"))[0][0]!;
        Assert.Contains("partitioning = ARRAY['b']", text, StringComparison.Ordinal);
    }
}
