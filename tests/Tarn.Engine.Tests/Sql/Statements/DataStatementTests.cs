namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class DataStatementTests
{
    [Theory]
    [InlineData("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "Insert(Table: t, Query: «VALUES (1, 'a'), (2, 'b')»)")]
    [InlineData("INSERT INTO a.b (x, \"y z\", s.f) SELECT 1, 2, 3", "Insert(Table: a.b, Columns: [x, \"y z\", s.f], Query: «SELECT 1, 2, 3»)")]
    [InlineData("INSERT INTO t BY NAME SELECT 1 AS a", "Insert(Table: t, Matching: ByName, Query: «SELECT 1 AS a»)")]
    [InlineData("INSERT INTO t BY POSITION (a) VALUES (1)", "Insert(Table: t, Columns: [a], Query: «VALUES (1)»)")]
    [InlineData("INSERT INTO t (SELECT * FROM u)", "Insert(Table: t, Query: «(SELECT * FROM u)»)")]
    [InlineData("INSERT INTO t DEFAULT VALUES", "Insert(Table: t)")]
    [InlineData("INSERT INTO TABLE t FROM u FOR VERSION AS OF 1 x", "Insert(Table: t, Query: «FROM u x AT (VERSION => 1)»)")]
    [InlineData("INSERT INTO t WITH a AS (SELECT 1) SELECT * FROM a", "Insert(Table: t, Query: «WITH a AS (SELECT 1) SELECT * FROM a»)")]
    [InlineData("INSERT OVERWRITE t SELECT * FROM u", "Insert(Table: t, Overwrite: True, Query: «SELECT * FROM u»)")]
    [InlineData(
        "INSERT OVERWRITE TABLE t PARTITION (d = '2024', r) SELECT 1",
        "Insert(Table: t, Overwrite: True, Partition: [PartitionValue(Column: d, Value: '2024'), PartitionValue(Column: r)], Query: «SELECT 1»)")]
    [InlineData("DELETE FROM t", "Delete(Table: t)")]
    [InlineData(
        "DELETE FROM s.t AS o WHERE o.d < DATE '2024-01-01' AND `x` IN (SELECT a FROM b)",
        "Delete(Table: s.t, Alias: 'o', Where: «o.d < DATE '2024-01-01' AND \"x\" IN (SELECT a FROM b)»)")]
    [InlineData("DELETE FROM t x", "Delete(Table: t, Alias: 'x')")]
    [InlineData(
        "UPDATE t SET a = 1, s.b = CASE WHEN x THEN 1 WHERE ELSE f(3, 4) END WHERE c = 2",
        "Update(Table: t, Assignments: [Assignment(Column: a, Value: «1»), Assignment(Column: s.b, Value: «CASE WHEN x THEN 1 WHERE ELSE f(3, 4) END»)], Where: «c = 2»)")]
    [InlineData(
        "UPDATE t AS o SET a = b FROM u, v WHERE true",
        "Update(Table: t, Alias: 'o', Assignments: [Assignment(Column: a, Value: «b»)], From: «u, v», Where: «true»)")]
    [InlineData(
        "MERGE INTO t AS x USING (SELECT * FROM u) AS y ON x.a = y.a WHEN MATCHED AND y.del = CASE WHEN 1 THEN 2 END THEN DELETE WHEN MATCHED THEN UPDATE SET a = y.a, b = 2 WHEN NOT MATCHED BY TARGET THEN INSERT (a, b) VALUES (y.a, 1) WHEN NOT MATCHED BY SOURCE THEN DO NOTHING",
        "Merge(Table: t, Alias: 'x', From: «(SELECT * FROM u) AS y», On: «x.a = y.a», Clauses: [MergeClause(Match: Matched, Condition: «y.del = CASE WHEN 1 THEN 2 END», Action: «DELETE»), MergeClause(Match: Matched, Action: «UPDATE SET a = y.a, b = 2»), MergeClause(Match: NotMatched, Action: «INSERT (a, b) VALUES (y.a, 1)»), MergeClause(Match: NotMatchedBySource, Action: «DO NOTHING»)])")]
    [InlineData(
        "MERGE INTO t USING u USING (id) WHEN NOT MATCHED THEN INSERT *",
        "Merge(Table: t, From: «u», On: «(id)», UsesColumns: True, Clauses: [MergeClause(Match: NotMatched, Action: «INSERT *»)])")]
    [InlineData("TRUNCATE TABLE a.t", "Truncate(Table: a.t)")]
    [InlineData("TRUNCATE t", "Truncate(Table: t)")]
    public void Parse_DataStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
