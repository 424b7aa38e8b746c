using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Rows come in the order in which they were added, whatever tells it.</summary>
public sealed class RowOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Execute_WithoutOrder_GivesRowsAsTheyWereAdded(int formatVersion)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder["lake"]);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (id bigint) WITH (format_version = {formatVersion})");
        for (int i = 0; i < 4; i++)
            await lake.RunAsync($"INSERT INTO s.t VALUES ({i})");
        Assert.Equal([0L, 1L, 2L, 3L], (await lake.RunAsync("SELECT id FROM s.t")).Select(r => r[0]));
    }
}
