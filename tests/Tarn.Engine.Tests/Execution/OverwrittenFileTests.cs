using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Local files that users name in queries may change, other than data files of tables: what the engine remembers of them must not be believed.</summary>
public sealed class OverwrittenFileTests
{
    [Fact]
    public async Task Select_ParquetFileOverwrittenSince_GivesItsNewRows()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        string file = Path.Combine(folder.Path, "numbers.parquet");
        for (int rows = 1; rows <= 3; rows++)
        {
            await lake.RunAsync($"COPY (SELECT i AS n FROM range({rows * 1000}) r(i)) TO '{file}' (FORMAT parquet)");
            Assert.Equal(rows * 1000L, (await lake.RunAsync($"SELECT count(*) FROM '{file}'"))[0][0]);
            Assert.Equal((rows * 1000L) - 1, (await lake.RunAsync($"SELECT max(n) FROM '{file}'"))[0][0]);
        }
    }
}
