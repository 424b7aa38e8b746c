using Tarn.Engine.Ingest;
using Tarn.Engine.Tests.Ingest;
using Tarn.Engine.Writing;

namespace Tarn.Engine.Tests.Writing;

/// <summary>Writes into many partitions: one file each, sorted where the table asks for it, with few files open.</summary>
public sealed class PartitionedCopyTests
{
    private const int Days = 400;
    private const int RowsPerDay = 250;

    [Theory]
    [InlineData("ARRAY['day(d)']", Days)]
    [InlineData("ARRAY['d']", Days)]
    [InlineData("ARRAY['bucket(id, 150)']", 150)]
    [InlineData("ARRAY['month(d)', 'bucket(id, 4)']", 14 * 4)]
    [InlineData("ARRAY['month(d)']", 14)]
    public async Task Ingest_ManyPartitions_WritesOneSortedFileEach(string partitioning, int expected)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (id BIGINT, d DATE, v DOUBLE) WITH (partitioning = {partitioning}, sorted_by = ARRAY['v DESC'])");
        string csv = Path.Combine(lake.Input, "a.csv");
        await lake.RunAsync($"COPY (SELECT i AS id, DATE '2024-01-01' + (i % {Days})::INTEGER AS d, random() AS v FROM range({Days * RowsPerDay}) AS r(i)) TO '{csv}' (HEADER)");
        await using var watch = new OpenFiles(lake.Data);
        var result = await lake.IngestAsync(csv);
        Assert.Equal(Days * RowsPerDay, result.RowCount);
        Assert.Equal([$"{expected}|{Days * RowsPerDay}"], await lake.RowsAsync("SELECT count(*), sum(record_count) FROM s.\"t$files\""));
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM (SELECT id, d, v FROM s.t EXCEPT ALL SELECT id, d, v FROM '" + csv + "')"));
        string files = $"read_parquet('{lake.Data}/lake/s/t-*/data/**/*.parquet', filename = true, file_row_number = true, hive_partitioning = false)";
        Assert.Equal(["0"], await lake.RowsAsync($"SELECT count(*) FROM (SELECT v > lag(v) OVER (PARTITION BY filename ORDER BY file_row_number) AS rises FROM {files}) WHERE rises"));
        Assert.Equal([$"{RowsPerDay}"], await lake.RowsAsync("SELECT count(*) FROM s.t WHERE d = DATE '2024-03-05'"));
        Assert.InRange(watch.Most, 0, PartitionedCopy.MaxOpenFiles);
    }

    [Fact]
    public async Task Ingest_NothingIntoManyPartitions_WritesNoFile()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id BIGINT) WITH (partitioning = ARRAY['id'])");
        await lake.RunAsync("INSERT INTO s.t SELECT 1 WHERE false");
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.\"t$files\""));
        Assert.Equal(0, (await lake.IngestAsync(lake.Write("a.csv", "id,x\n"), r => r with { Mode = IngestMode.Append })).RowCount);
    }
}
