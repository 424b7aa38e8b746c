namespace Tarn.DuckDb.Tests.Profiling;

public sealed class DuckDbProfileTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public void Profile_AfterAQuery_HoldsTheOperatorTree()
    {
        using var connection = fixture.Database.Connect();
        Assert.Null(connection.Profile());
        connection.EnableProfiling();
        connection.Query("SELECT i % 10, count(*) FROM range(100000) r(i) WHERE i > 5 GROUP BY 1").Dispose();
        var profile = connection.Profile()!;
        Assert.True(profile.Number("LATENCY") > 0, string.Join(", ", profile.Metrics));
        var scan = profile.Descend().Last();
        Assert.Contains(profile.Descend(), node => node.OperatorType == "HASH_GROUP_BY");
        Assert.Equal("RANGE", scan.OperatorName.Trim());
        Assert.True(scan.Number("OPERATOR_CARDINALITY") > 0);
        connection.DisableProfiling();
        connection.Execute("SELECT 1");
        Assert.Null(connection.Profile());
    }
}
