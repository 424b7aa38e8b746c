using Tarn.DuckDb;
using Tarn.Engine.Planning;

namespace Tarn.Engine.Tests.Planning;

public sealed class ResultNamesTests
{
    [Theory]
    [InlineData("SELECT (SELECT 1 FROM t) + o.x, 2 FROM o", "(SELECT 1 FROM t) + o.x|2", "(SELECT 1 FROM t) + o.x|2")]
    [InlineData("SELECT (SELECT 1 FROM t) + o.x, 2 FROM o", "(SELECT 1 FROM t) + o.|2", "2")]
    [InlineData("SELECT (SELECT 1 FROM t), 2 FROM o", "(SELECT 1 FROM t)|o", "(SELECT 1 FROM t)")]
    [InlineData("SELECT 1 - (SELECT 2 FROM t) FROM o", "2 FROM t", "")]
    public void Nameable_ExtentThatIsNoResult_IsLeftOut(string sql, string results, string expected)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        using var tree = ParseTree.Serialize(sql, connection);
        (int, int)[] extents = [.. results.Split('|').Select(r => (sql.LastIndexOf(r, StringComparison.Ordinal), sql.LastIndexOf(r, StringComparison.Ordinal) + r.Length))];
        var nameable = new ResultNames(sql, tree.RootElement.GetProperty("statements"), text => ParseTree.Serialize(text, connection)).Nameable(extents);
        Assert.Equal(expected, string.Join('|', nameable.Select(n => sql[n.Start..n.End])));
    }
}
