using System.IO.Compression;
using System.Text.Json;
using Tarn.CommandLine;

namespace Tarn.Tests;

/// <summary>The commands as their users meet them, on the lake of the demo.</summary>
public sealed class DemoLakeTests(DemoLake lake) : IClassFixture<DemoLake>
{
    private Task<ProcessResult> RunAsync(params string[] words) => lake.Tarn.RunAsync(words);

    private async Task<string> OutputAsync(params string[] words)
    {
        var result = await RunAsync(words);
        Assert.True(result.ExitCode == ExitCode.Done, result.ToString());
        return result.Out;
    }

    private async Task<List<JsonElement>> RowsAsync(params string[] words)
    {
        using var document = JsonDocument.Parse(await OutputAsync([.. words, "--format", "json"]));
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }

    [Fact]
    public async Task Demo_Again_BuildsEverythingAnew()
    {
        using var tarn = new TarnProcess();
        var first = await tarn.RunAsync("demo", "--rows", "1k", "--format", "csv");
        var second = await tarn.RunAsync("demo", "--rows", "1k", "--format", "csv");

        Assert.True(second.ExitCode == ExitCode.Done, second.ToString());
        Assert.Equal(first.Out, second.Out);
    }

    [Fact]
    public async Task Demo_WhenDone_LeavesALineageInWhichAllSucceeded()
    {
        using var tarn = new TarnProcess();
        var demo = await tarn.RunAsync("demo", "--rows", "1k");
        var lineage = await tarn.RunAsync("lineage", "--limit", "1000", "--format", "json");

        Assert.True(demo.ExitCode == ExitCode.Done && lineage.ExitCode == ExitCode.Done, $"{demo}\n{lineage}");
        using var events = JsonDocument.Parse(lineage.Out);
        Assert.Contains(events.RootElement.EnumerateArray(), e => e.GetProperty("read").GetString()!.Contains("silver.orders_rejected", StringComparison.Ordinal));
        Assert.All(events.RootElement.EnumerateArray(), e => Assert.True(e.GetProperty("status").GetString() == "succeeded", e.ToString()));
    }

    [Fact]
    public void Demo_OnAnEmptyFolder_PrintsTheReportOnStdoutAndTheStepsOnStderr()
    {
        Assert.True(lake.Demo.ExitCode == ExitCode.Done, lake.Demo.ToString());
        Assert.Contains("Revenue by month", lake.Demo.Out, StringComparison.Ordinal);
        Assert.Contains("█", lake.Demo.Out, StringComparison.Ordinal);
        Assert.Contains("Electronics", lake.Demo.Out, StringComparison.Ordinal);
        Assert.Contains("✓ silver.orders", lake.Demo.Error, StringComparison.Ordinal);
        Assert.Contains("3,000 raw = ", lake.Demo.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", lake.Demo.Out + lake.Demo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_OfTheDemo_HaveTheirTotals()
    {
        var rows = await RowsAsync("tables");

        var silver = rows.Single(row => row.GetProperty("schema").GetString() == "silver" && row.GetProperty("name").GetString() == "orders");
        long counted = (await RowsAsync("sql", "-c", "SELECT count(*) AS n FROM silver.orders"))[0].GetProperty("n").GetInt64();
        Assert.Equal(counted, silver.GetProperty("rows").GetInt64());
        Assert.True(silver.GetProperty("size_bytes").GetInt64() > 0);
        Assert.Equal(3, (await RowsAsync("tables", "gold")).Count);
    }

    [Fact]
    public async Task Balance_OfTheDemo_AddsUp()
    {
        var row = (await RowsAsync("sql", "-c", """
            SELECT (SELECT count(*) FROM bronze.orders) AS raw,
                   (SELECT count(*) FROM silver.orders) AS sound,
                   (SELECT count(*) FROM silver.orders_rejected) AS rejected,
                   (SELECT count(*) - count(DISTINCT (order_id, line_number)) FROM bronze.orders) AS repeated
            """))[0];
        long Of(string name) => row.GetProperty(name).GetInt64();

        Assert.Equal(Of("raw"), Of("sound") + Of("rejected") + Of("repeated"));
    }

    [Fact]
    public async Task Describe_Table_ShowsColumnsAndPartitions()
    {
        string text = await OutputAsync("describe", "silver.orders");
        var rows = await RowsAsync("describe", "silver.orders");

        Assert.Contains("month(order_date)", text, StringComparison.Ordinal);
        Assert.Contains(rows, row => row.GetProperty("name").GetString() == "loyalty_tier" && row.GetProperty("value").GetString() == "string");
    }

    [Fact]
    public async Task History_Table_BeginsWithTheNewestAndNamesTheTag()
    {
        var rows = await RowsAsync("history", "silver.orders");

        Assert.True(rows.Count >= 2);
        Assert.Equal("current", rows[0].GetProperty("refs").GetString());
        Assert.Contains(rows, row => row.GetProperty("refs").GetString() == "year-end");
        Assert.Single(await RowsAsync("history", "silver.orders", "--limit", "1"));
    }

    [Fact]
    public async Task Read_AtTag_ShowsTheTableAsItWas()
    {
        var now = (await RowsAsync("read", "silver.orders", "--limit", "1"))[0];
        var then = (await RowsAsync("read", "silver.orders", "--limit", "1", "--at", "year-end"))[0];

        Assert.True(now.TryGetProperty("loyalty_tier", out _));
        Assert.False(then.TryGetProperty("loyalty_tier", out _));
    }

    [Fact]
    public async Task Read_AtSnapshotOfTheHistory_HasItsRows()
    {
        var oldest = (await RowsAsync("history", "silver.orders"))[^1];
        string id = oldest.GetProperty("snapshot").ToString();

        var rows = await OutputAsync("read", "silver.orders", "--at", id, "--columns", "order_id", "--format", "csv");

        Assert.Equal(oldest.GetProperty("rows").GetInt64() + 1, rows.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Read_ByPath_GivesTheSameRows()
    {
        string folder = Directory.GetDirectories(Path.Join(lake.Tarn.Folder, "tarn-data", "lake", "gold"), "returns-*").Single();

        Assert.Equal(await OutputAsync("read", "gold.returns", "--format", "csv"), await OutputAsync("read", folder, "--format", "csv"));
    }

    [Fact]
    public async Task Diff_SinceTheTag_CountsWhatTheLateDayAdded()
    {
        var counts = (await RowsAsync("diff", "silver.orders", "year-end", "--counts"))[0];
        var rows = await RunAsync("diff", "silver.orders", "year-end", "--format", "csv");

        Assert.Equal(0, counts.GetProperty("removed").GetInt64());
        Assert.True(counts.GetProperty("added").GetInt64() > 0);
        Assert.Equal(counts.GetProperty("added").GetInt64() + 1, rows.Out.Count(c => c == '\n'));
        Assert.Contains("column loyalty_tier is only in the later state", rows.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all.parquet")]
    [InlineData("all.csv")]
    [InlineData("all.ndjson")]
    public async Task Export_ToAnyForm_ReadsBackTheSame(string file)
    {
        await OutputAsync("export", "gold.sales_by_month", "--to", file, "--overwrite");

        var row = (await RowsAsync("sql", "-c", $"SELECT count(*) AS n, CAST(sum(CAST(revenue AS DECIMAL(18,2))) AS DECIMAL(18,2)) AS revenue FROM '{file}'"))[0];
        var expected = (await RowsAsync("sql", "-c", "SELECT count(*) AS n, CAST(sum(revenue) AS DECIMAL(18,2)) AS revenue FROM gold.sales_by_month"))[0];
        Assert.Equal(expected.GetRawText(), row.GetRawText());
    }

    [Fact]
    public async Task Export_OverAnExistingFile_IsRefusedUnlessSaid()
    {
        await OutputAsync("export", "gold.returns", "--to", "once.csv.gz");
        var again = await RunAsync("export", "gold.returns", "--to", "once.csv.gz");

        Assert.Equal(ExitCode.Failed, again.ExitCode);
        Assert.Equal("error: 'once.csv.gz' exists; --overwrite replaces it.\n", again.Error);
        await using var file = new GZipStream(File.OpenRead(Path.Join(lake.Tarn.Folder, "once.csv.gz")), CompressionMode.Decompress);
        using var text = new StreamReader(file);
        Assert.Equal(await OutputAsync("read", "gold.returns", "--format", "csv"), await text.ReadToEndAsync());
        Assert.Empty(Directory.GetFiles(lake.Tarn.Folder, "*.unfinished"));
    }

    [Fact]
    public async Task Tables_WithoutALake_MakesNoneAndSaysSo()
    {
        using var empty = new TarnProcess();
        var result = await empty.RunAsync("tables");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains("tarn-data", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty.Folder));
    }
}
