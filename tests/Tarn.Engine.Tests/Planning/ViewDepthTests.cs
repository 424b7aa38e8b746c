using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Tests.Ingest;

namespace Tarn.Engine.Tests.Planning;

public sealed class ViewDepthTests
{
    [Fact]
    public async Task Execute_ViewThroughTooManyOthers_IsRefusedWithTheLimit()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE VIEW s.v0 AS SELECT 1 AS a");
        for (int i = 1; i <= 64; i++)
            await lake.RunAsync(string.Create(CultureInfo.InvariantCulture, $"CREATE VIEW s.v{i} AS SELECT a FROM s.v{i - 1}"));
        Assert.Equal(["1"], await lake.RowsAsync("SELECT a FROM s.v63"));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RowsAsync("SELECT a FROM s.v64"));
        Assert.Equal(
            "View 's.v0' is read through 64 other views, each of which reads the next, and more than that are refused. Let one of them read the tables themselves: CREATE OR REPLACE VIEW … AS …",
            error.Message);
    }
}
