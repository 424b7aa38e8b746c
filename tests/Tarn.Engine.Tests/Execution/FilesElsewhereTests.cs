using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Files that are not of this machine: the engine alone would tell its users to install an extension, which Tarn does not do.</summary>
public sealed class FilesElsewhereTests
{
    [Theory]
    [InlineData("SELECT * FROM 's3://raw/a.csv'", "'s3://raw/a.csv' is no file of this machine, and SQL reads and writes those alone beside tables. Copy it: 'tarn s3 cp' copies between s3:// and here.")]
    [InlineData("SELECT * FROM read_parquet('https://example.org/a.parquet')", "'https://example.org/a.parquet' is no file of this machine, and SQL reads and writes those alone beside tables. Copy it here first.")]
    [InlineData("COPY (SELECT 1) TO 's3://raw/a.csv'", "'s3://raw/a.csv' is no file of this machine, and SQL reads and writes those alone beside tables. Copy it: 'tarn s3 cp' copies between s3:// and here.")]
    public async Task Execute_FileElsewhere_SaysHowToBringIt(string sql, string message)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        var error = await Assert.ThrowsAnyAsync<TarnException>(async () =>
        {
            await using var result = await lake.Session.ExecuteAsync(sql);
            await foreach (var batch in result.ReadBatchesAsync())
                Assert.Fail($"{batch.RowCount} rows");
        });
        Assert.Equal((ErrorKind.Unsupported, message), (error.Kind, error.Message));
    }
}
