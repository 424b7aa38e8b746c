namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class SessionStatementTests
{
    [Theory]
    [InlineData("USE iceberg.sales", "Use(Target: iceberg.sales)")]
    [InlineData("USE \"My Schema\"", "Use(Target: \"My Schema\")")]
    [InlineData("SET TimeZone = 'UTC'", "Set(Name: \"TimeZone\", Value: «'UTC'»)")]
    [InlineData("SET SESSION iceberg.compression = 'ZSTD'", "Set(Scope: 'SESSION', Name: iceberg.compression, Value: «'ZSTD'»)")]
    [InlineData("SET search_path TO a, b", "Set(Name: search_path, Value: «a, b»)")]
    [InlineData("SET VARIABLE x = 1 + (2)", "Set(Scope: 'VARIABLE', Name: x, Value: «1 + (2)»)")]
    [InlineData("SET TIME ZONE LOCAL", "Set(Name: \"TimeZone\", Value: «LOCAL»)")]
    [InlineData("SET ROLE admin", "Other(Kind: 'SET ROLE', Text: «SET ROLE admin»)")]
    [InlineData("RESET threads", "Reset(Name: threads)")]
    [InlineData("RESET ALL", "Reset()")]
    [InlineData("PREPARE p AS SELECT ?", "Prepare(Name: 'p', Statement: Query(Query: «SELECT ?»))")]
    [InlineData(
        "PREPARE p (int, varchar) FROM INSERT INTO t VALUES (?, ?)",
        "Prepare(Name: 'p', ParameterTypes: [«int», «varchar»], Statement: Insert(Table: t, Query: «VALUES (?, ?)»))")]
    [InlineData("EXECUTE p", "Execute(Name: 'p')")]
    [InlineData("EXECUTE p (1, 'a')", "Execute(Name: 'p', Arguments: [«1», «'a'»])")]
    [InlineData("EXECUTE p USING 1, date '2024-01-01'", "Execute(Name: 'p', Arguments: [«1», «date '2024-01-01'»])")]
    [InlineData("EXECUTE p (x := 1, y => now())", "Execute(Name: 'p', Arguments: [x=>«1», y=>«now()»])")]
    [InlineData("EXECUTE IMMEDIATE 'SELECT 1' USING 1", "ExecuteImmediate(Sql: 'SELECT 1', Arguments: [«1»])")]
    [InlineData("DEALLOCATE PREPARE p", "Deallocate(Name: 'p')")]
    [InlineData("DEALLOCATE ALL", "Deallocate()")]
    [InlineData("EXPLAIN SELECT 1", "Explain(Statement: Query(Query: «SELECT 1»))")]
    [InlineData("EXPLAIN ANALYZE SELECT * FROM t FOR VERSION AS OF 1", "Explain(Analyze: True, Statement: Query(Query: «SELECT * FROM t AT (VERSION => 1)»))")]
    [InlineData("EXPLAIN (FORMAT JSON, ANALYZE) SELECT 1", "Explain(Analyze: True, Options: {FORMAT=JSON}, Statement: Query(Query: «SELECT 1»))")]
    [InlineData("EXPLAIN (SELECT 1)", "Explain(Statement: Query(Query: «(SELECT 1)»))")]
    [InlineData("EXPLAIN INSERT INTO t VALUES (1)", "Explain(Statement: Insert(Table: t, Query: «VALUES (1)»))")]
    public void Parse_SessionStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
