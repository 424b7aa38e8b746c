namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class CreateTableStatementTests
{
    [Theory]
    [InlineData("CREATE TABLE t (a int)", "CreateTable(Name: t, Columns: [ColumnDefinition(Name: 'a', Type: integer)])")]
    [InlineData(
        "CREATE TABLE IF NOT EXISTS c.s.\"T x\" (a int NOT NULL COMMENT 'the ''a''', \"b c\" varchar DEFAULT 'x' NULL, c decimal(9,2) DEFAULT -1.50 NOT NULL)",
        "CreateTable(Name: c.s.\"T x\", IfNotExists: True, Columns: [ColumnDefinition(Name: 'a', Type: integer, NotNull: True, Comment: 'the 'a''), ColumnDefinition(Name: 'b c', Type: varchar, Default: 'x'), ColumnDefinition(Name: 'c', Type: decimal(9, 2), NotNull: True, Default: -1.50)])")]
    [InlineData(
        "CREATE OR REPLACE TABLE t (a int) COMMENT 'doc'",
        "CreateTable(Name: t, OrReplace: True, Columns: [ColumnDefinition(Name: 'a', Type: integer)], Comment: 'doc')")]
    [InlineData(
        "CREATE TABLE t (d date, id bigint) WITH (partitioning = ARRAY['month(d)', 'bucket(id, 16)', 'd'], sorted_by = ARRAY['d DESC NULLS LAST', 'id'], format_version = 3, location = 's3://a/b', ok = true)",
        "CreateTable(Name: t, Columns: [ColumnDefinition(Name: 'd', Type: date), ColumnDefinition(Name: 'id', Type: bigint)], Properties: [format_version=3, location='s3://a/b', ok=TRUE], Partitioning: [month(d), bucket(id, 16), d], SortedBy: [d DESC NULLS LAST, id ASC NULLS FIRST])")]
    [InlineData(
        "CREATE TABLE t (d date) USING iceberg PARTITIONED BY (months(d), bucket(16, id), truncate(10, name), region, s.x, days(ts) AS the_day) TBLPROPERTIES ('write.format.default'='parquet', 'x' 'y') LOCATION 'file:///l' COMMENT 'c'",
        "CreateTable(Name: t, Columns: [ColumnDefinition(Name: 'd', Type: date)], Comment: 'c', Properties: [write.format.default='parquet', x='y', location='file:///l'], Partitioning: [month(d), bucket(id, 16), truncate(name, 10), region, s.x, day(ts) AS the_day])")]
    [InlineData(
        "CREATE TABLE t WITH (format_version = 2, extra_properties = MAP(ARRAY['a'], ARRAY['b'])) AS SELECT 1 AS a",
        "CreateTable(Name: t, Properties: [format_version=2, a='b'], Query: «SELECT 1 AS a»)")]
    [InlineData("CREATE TABLE t AS SELECT * FROM u FOR VERSION AS OF 3 WITH NO DATA", "CreateTable(Name: t, Query: «SELECT * FROM u AT (VERSION => 3)»)")]
    [InlineData("CREATE TABLE t AS (SELECT 1) WITH DATA", "CreateTable(Name: t, Query: «(SELECT 1)»)")]
    [InlineData("CREATE TABLE t (x, y) AS VALUES (1, 2)", "CreateTable(Name: t, ColumnAliases: ['x', 'y'], Query: «VALUES (1, 2)»)")]
    [InlineData("CREATE TABLE t AS FROM u", "CreateTable(Name: t, Query: «FROM u»)")]
    [InlineData("CREATE TABLE t AS WITH a AS (SELECT 1) SELECT * FROM a", "CreateTable(Name: t, Query: «WITH a AS (SELECT 1) SELECT * FROM a»)")]
    [InlineData("CREATE TABLE t COMMENT 'x' PARTITIONED BY (a) AS TABLE u", "CreateTable(Name: t, Comment: 'x', Partitioning: [a], Query: «TABLE u»)")]
    [InlineData(
        "CREATE TABLE t (s STRUCT(a INT, \"b c\" VARCHAR), l row(x double)) SORTED BY (a DESC, bucket(4, b) NULLS LAST)",
        "CreateTable(Name: t, Columns: [ColumnDefinition(Name: 's', Type: row(a integer, \"b c\" varchar)), ColumnDefinition(Name: 'l', Type: row(x double))], SortedBy: [a DESC NULLS LAST, bucket(b, 4) ASC NULLS LAST])")]
    [InlineData("DROP TABLE t", "DropTable(Name: t)")]
    [InlineData("DROP TABLE IF EXISTS a.b PURGE", "DropTable(Name: a.b, IfExists: True, Purge: True)")]
    public void Parse_CreateTableStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
