using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Statements;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Sql;

public sealed class TpchQueriesTests
{
    [Fact]
    public void Parse_TpchQueries_PassUnchanged()
    {
        if (SharedFolder.TryGet("data", "tpch", "queries") is not { } folder)
        {
            return;
        }

        var files = Directory.GetFiles(folder, "*.sql");
        Assert.Equal(22, files.Length);
        foreach (var file in files)
        {
            var sql = File.ReadAllText(file);
            var query = Assert.IsType<QueryStatement>(SqlParser.Parse(sql)).Query;
            Assert.Equal(sql.Trim().TrimEnd(';').TrimEnd(), query.Text);
        }
    }
}
