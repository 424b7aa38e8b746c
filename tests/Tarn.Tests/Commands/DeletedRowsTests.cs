using System.Text.Json;
using Tarn.CommandLine;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing.Deletes;
using Tarn.Testing.Lakes;

namespace Tarn.Tests.Commands;

/// <summary>Row counts of tables in which other engines have deleted rows by delete files.</summary>
public sealed class DeletedRowsTests : IDisposable
{
    private static readonly TableIdentifier Table = TableIdentifier.Of("s", "t");
    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counts_RowsDeletedByPosition_AreLeftOut(int version)
    {
        await WriteAsync(version, (writer, table, data) => version == 2
            ? writer.PositionsAsync(table, [(data.FilePath, 1), (data.FilePath, 2)], data)
            : writer.VectorAsync(table, [1, 2], data));
        await RunAsync("sql", "INSERT INTO s.t SELECT * FROM range(3)");

        Assert.Equal(101, (await RowsAsync("tables"))[0].GetProperty("rows").GetInt64());
        Assert.Equal("101", await DescribedAsync());
        Assert.Equal([(3L, 0L, 101L), (0, 2, 98), (100, 0, 100)], (await RowsAsync("history", "s.t")).Select(Counts));
        Assert.Equal((3L, 0L, 101L), Counts(Assert.Single(await RowsAsync("history", "s.t", "--limit", "1"))));
    }

    [Fact]
    public async Task Counts_DeletesOfDataFilesThatAreGone_TakeNothingAway()
    {
        await WriteAsync(2, (writer, table, data) => writer.PositionsAsync(table, [(data.FilePath, 1), (data.FilePath, 2)], data));
        // Delete files stay as they are where data files are replaced.
        await RunAsync("sql", "DELETE FROM s.t WHERE id >= 0");
        await RunAsync("sql", "INSERT INTO s.t SELECT * FROM range(50)");

        Assert.Equal(50, (await RowsAsync("tables"))[0].GetProperty("rows").GetInt64());
        Assert.Equal("50", await DescribedAsync());
        Assert.Equal([(50L, 0L, 50L), (0, 98, 0), (0, 2, 98), (100, 0, 100)], (await RowsAsync("history", "s.t")).Select(Counts));
    }

    [Fact]
    public async Task Counts_EqualityDeletes_AreNotKnown()
    {
        await WriteAsync(2, (writer, table, data) => writer.EqualityAsync(table, "SELECT 7::BIGINT AS id", new Dictionary<string, int> { ["id"] = 1 }, 1, data));

        Assert.Equal(JsonValueKind.Null, (await RowsAsync("tables"))[0].GetProperty("rows").ValueKind);
        Assert.Equal("not recorded", await DescribedAsync());
        Assert.Equal([(0L, null, null), (100, 0, 100)], (await RowsAsync("history", "s.t")).Select(Counts));
    }

    [Fact]
    public async Task Counts_DeleteFileThatIsGone_IsSaid()
    {
        var gone = await WriteAsync(2, (writer, table, data) => writer.PositionsAsync(table, [(data.FilePath, 1)], data));
        File.Delete(Path.Join(_tarn.Folder, "tarn-data", gone.FilePath["s3://".Length..]));

        foreach (string[] words in (string[][])[["tables", "--format", "ndjson"], ["history", "s.t", "--format", "ndjson"]])
        {
            var result = await _tarn.RunAsync(words);
            Assert.Equal(ExitCode.Failed, result.ExitCode);
            Assert.Contains(gone.FilePath, result.Error, StringComparison.Ordinal);
            Assert.NotEmpty(result.Out);
        }

        Assert.Contains(gone.FilePath, await DescribedAsync(), StringComparison.Ordinal);
    }

    /// <summary>Its metadata can be read, and the summary of the snapshot tells all but the rows.</summary>
    [Fact]
    public async Task Tables_DeleteFileThatIsGone_ShowsWhatTheSummaryTells()
    {
        var gone = await WriteAsync(2, (writer, table, data) => writer.PositionsAsync(table, [(data.FilePath, 1)], data));
        File.Delete(Path.Join(_tarn.Folder, "tarn-data", gone.FilePath["s3://".Length..]));

        var row = JsonDocument.Parse((await _tarn.RunAsync("tables", "--format", "ndjson")).Out).RootElement;

        Assert.Equal(("table, unreadable", JsonValueKind.Null, 1), (row.GetProperty("kind").GetString(), row.GetProperty("rows").ValueKind, row.GetProperty("files").GetInt32()));
        Assert.True(row.GetProperty("size_bytes").GetInt64() > 0, row.ToString());
        Assert.NotEqual(JsonValueKind.Null, row.GetProperty("last_change").ValueKind);
    }

    private static (long Added, long? Removed, long? Rows) Counts(JsonElement row) => (row.GetProperty("rows_added").GetInt64(), Number(row.GetProperty("rows_removed")), Number(row.GetProperty("rows")));

    private static long? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt64();

    private async Task<DataFile> WriteAsync(int version, Func<WrittenDeletes, TableHandle, DataFile, Task<DataFile>> write)
    {
        await using var lake = LocalLake.Open(Path.Join(_tarn.Folder, "tarn-data"));
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (id bigint) WITH (format_version = {version})");
        await lake.RunAsync("INSERT INTO s.t SELECT * FROM range(100)");
        var table = (await lake.Catalog.LoadTableAsync(Table))!;
        var data = (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of(table.Metadata))).Tasks.Single().File;
        var writer = new WrittenDeletes(lake.Catalog, lake.Store, new Random(1));
        var deletes = await write(writer, table, data);
        await writer.CommitAsync(Table, [deletes]);
        return deletes;
    }

    private async Task<string> DescribedAsync() =>
        (await RowsAsync("describe", "s.t")).Single(row => row.GetProperty("name").GetString() == "rows").GetProperty("value").GetString()!;

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(params string[] words) =>
        [.. (await RunAsync([.. words, "--format", "ndjson"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private async Task<string> RunAsync(params string[] words)
    {
        var result = await _tarn.RunAsync(words);
        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        return result.Out;
    }
}
