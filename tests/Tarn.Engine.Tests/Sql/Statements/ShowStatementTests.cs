namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class ShowStatementTests
{
    [Theory]
    [InlineData("SHOW CATALOGS", "ShowCatalogs()")]
    [InlineData("SHOW CATALOGS LIKE 'ice%'", "ShowCatalogs(Like: 'ice%')")]
    [InlineData("SHOW SCHEMAS", "ShowSchemas()")]
    [InlineData("SHOW SCHEMAS FROM iceberg LIKE 's%'", "ShowSchemas(Catalog: iceberg, Like: 's%')")]
    [InlineData("SHOW DATABASES", "ShowSchemas()")]
    [InlineData("SHOW TABLES", "ShowTables()")]
    [InlineData("SHOW TABLES IN iceberg.sales LIKE 'o%'", "ShowTables(Schema: iceberg.sales, Like: 'o%')")]
    [InlineData("SHOW VIEWS FROM sales", "ShowViews(Schema: sales)")]
    [InlineData("SHOW COLUMNS FROM sales.orders", "ShowColumns(Table: sales.orders)")]
    [InlineData("SHOW CREATE TABLE t", "ShowCreate(Kind: Table, Name: t)")]
    [InlineData("SHOW CREATE VIEW v", "ShowCreate(Kind: View, Name: v)")]
    [InlineData("SHOW CREATE SCHEMA s", "ShowCreate(Kind: Schema, Name: s)")]
    [InlineData("SHOW STATS FOR t", "ShowStats(Table: t)")]
    [InlineData("SHOW STATS FOR (SELECT * FROM t WHERE a = 1)", "ShowQueryStats(Query: «(SELECT * FROM t WHERE a = 1)»)")]
    [InlineData("SHOW BRANCHES FROM t", "ShowRefs(Table: t)")]
    [InlineData("SHOW TAGS IN t", "ShowRefs(Table: t, Tags: True)")]
    [InlineData("SHOW PARTITIONS FROM t", "ShowPartitions(Table: t)")]
    [InlineData("SHOW TBLPROPERTIES t", "ShowProperties(Table: t)")]
    [InlineData("SHOW server_version", "ShowVariable(Name: server_version)")]
    [InlineData("SHOW TIME ZONE", "ShowVariable(Name: \"TimeZone\")")]
    [InlineData("SHOW ALL", "Other(Kind: 'SHOW ALL', Text: «SHOW ALL»)")]
    [InlineData("SHOW transaction isolation level", "Other(Kind: 'SHOW TRANSACTION', Text: «SHOW transaction isolation level»)")]
    [InlineData("DESCRIBE sales.orders", "Describe(Table: sales.orders)")]
    [InlineData("DESC t", "Describe(Table: t)")]
    [InlineData("DESCRIBE TABLE t", "Describe(Table: t)")]
    [InlineData("DESCRIBE EXTENDED t", "Describe(Table: t, Extended: True)")]
    [InlineData("DESCRIBE extended", "Describe(Table: extended)")]
    [InlineData("DESCRIBE view", "Describe(Table: view)")]
    [InlineData("DESCRIBE INPUT p", "DescribePrepared(Name: 'p', Input: True)")]
    [InlineData("DESCRIBE OUTPUT p", "DescribePrepared(Name: 'p')")]
    [InlineData("DESCRIBE \"orders$snapshots\"", "Describe(Table: \"orders$snapshots\")")]
    public void Parse_ShowStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
