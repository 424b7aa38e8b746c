using Tarn.Engine.Sql;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Names of Iceberg's table properties that are misspelled are refused; names that are nobody's are kept.</summary>
public sealed class TablePropertiesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder["lake"]);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("CREATE TABLE s.t (a INTEGER)");
    }

    [Theory]
    [InlineData("write.parquet.compresion-codec", "write.parquet.compression-codec")]
    [InlineData("write.parquet.compression_codec", "write.parquet.compression-codec")]
    [InlineData("Write.Parquet.Compression-Codec", "write.parquet.compression-codec")]
    [InlineData("write.metadata.previous-version-max", "write.metadata.previous-versions-max")]
    [InlineData("read.split.target-szie", "read.split.target-size")]
    [InlineData("commit.retry.num-retrys", "commit.retry.num-retries")]
    [InlineData("history.expire.max-snapshot-agems", "history.expire.max-snapshot-age-ms")]
    [InlineData("format-verson", "format-version")]
    [InlineData("write.parquet.bloom-filter-enable.column.a", "write.parquet.bloom-filter-enabled.column.")]
    public async Task Of_MisspelledProperty_IsRefusedAndTheRightOneNamed(string name, string near)
    {
        foreach (string sql in new[] { $"CREATE TABLE s.u (a INTEGER) WITH (\"{name}\" = '2')", $"CREATE TABLE s.u (a INTEGER) TBLPROPERTIES ('{name}' = '2')", $"ALTER TABLE s.t SET PROPERTIES \"{name}\" = '2'" })
        {
            var error = await Assert.ThrowsAnyAsync<SqlSyntaxException>(() => _lake.RunAsync(sql));
            Assert.Contains($"'{name}'", error.Problem, StringComparison.Ordinal);
            Assert.Contains($"'{near}'", error.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("write.parquet.compression-level")]
    [InlineData("write.metadata.metrics.column.a", "full")]
    [InlineData("write.parquet.bloom-filter-enabled.column.some.other-column")]
    [InlineData("write.vendor.cache-mode")]
    [InlineData("read.parquet.vectorization.batch-size")]
    [InlineData("reed.split.target-size")]
    [InlineData("team.write-format")]
    [InlineData("spark.sql.partitionProvider")]
    public async Task Of_PropertyThatIsKnownOrNobodys_IsKept(string name, string value = "3")
    {
        await _lake.RunAsync($"CREATE TABLE s.u (a INTEGER) WITH (\"{name}\" = '{value}')");
        Assert.Contains(name, $"{(await _lake.RunAsync("SHOW CREATE TABLE s.u"))[0][0]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_MisspelledPropertyOfYourOwn_IsKeptShownAndRemoved()
    {
        await _lake.RunAsync("CREATE TABLE s.u (a INTEGER) WITH (extra_properties = MAP {'write.parquet.compresion-codec': 'gzip'})");
        string shown = $"{(await _lake.RunAsync("SHOW CREATE TABLE s.u"))[0][0]}";
        Assert.Contains("extra_properties = MAP {'write.parquet.compresion-codec': 'gzip'}", shown, StringComparison.Ordinal);
        await _lake.RunAsync("ALTER TABLE s.u SET PROPERTIES \"write.parquet.compresion-codec\" = DEFAULT");
        Assert.DoesNotContain("compresion", $"{(await _lake.RunAsync("SHOW CREATE TABLE s.u"))[0][0]}", StringComparison.Ordinal);
    }

    // There names stand for themselves, also those that are words of the statement elsewhere.
    [Fact]
    public async Task Of_ExtraProperties_AreKeptAsTheyAre()
    {
        const string Extra = "'Owner': 'x', 'format': 'y', 'format_version': '9', 'location': 'z', 'partitioning': 'p'";
        await _lake.RunAsync($"CREATE TABLE s.u (a INTEGER) WITH (format_version = 2, extra_properties = MAP {{{Extra}}})");
        string shown = $"{(await _lake.RunAsync("SHOW CREATE TABLE s.u"))[0][0]}";
        Assert.Contains($"extra_properties = MAP {{{Extra}}}", shown, StringComparison.Ordinal);
        Assert.Contains("format_version = 2", shown, StringComparison.Ordinal);
        await _lake.RunAsync("DROP TABLE s.u");
        await _lake.RunAsync(shown);
        Assert.Equal(shown, $"{(await _lake.RunAsync("SHOW CREATE TABLE s.u"))[0][0]}");
    }

    [Theory]
    [InlineData("location = 's3://lake/a', LOCATION = 's3://lake/b'")]
    [InlineData("format_version = 2, \"format-version\" = 2")]
    public async Task Of_PropertyGivenTwice_IsRefused(string properties) =>
        Assert.Contains("twice", (await Assert.ThrowsAnyAsync<SqlSyntaxException>(() => _lake.RunAsync($"CREATE TABLE s.u (a INTEGER) WITH ({properties})"))).Problem, StringComparison.Ordinal);

    public async Task DisposeAsync()
    {
        await _lake.DisposeAsync();
        _folder.Dispose();
    }
}
