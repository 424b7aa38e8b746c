namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class ViewStatementTests
{
    [Theory]
    [InlineData("CREATE VIEW v AS SELECT 1", "CreateView(Name: v, Query: «SELECT 1»)")]
    [InlineData(
        "CREATE OR REPLACE VIEW s.v (a COMMENT 'x', b) COMMENT 'doc' TBLPROPERTIES ('k' = 'v') AS SELECT * FROM t FOR VERSION AS OF 1",
        "CreateView(Name: s.v, OrReplace: True, Columns: [ViewColumn(Name: 'a', Comment: 'x'), ViewColumn(Name: 'b')], Comment: 'doc', Properties: [k='v'], Query: «SELECT * FROM t AT (VERSION => 1)»)")]
    [InlineData("CREATE VIEW IF NOT EXISTS v AS (SELECT 1)", "CreateView(Name: v, IfNotExists: True, Query: «(SELECT 1)»)")]
    [InlineData("DROP VIEW v", "DropView(Name: v)")]
    [InlineData("DROP VIEW IF EXISTS s.v", "DropView(Name: s.v, IfExists: True)")]
    [InlineData("COMMENT ON TABLE s.t IS 'it''s'", "Comment(Target: Table, Name: s.t, Comment: 'it's')")]
    [InlineData("COMMENT ON COLUMN s.t.c IS NULL", "Comment(Target: Column, Name: s.t.c)")]
    [InlineData("COMMENT ON VIEW v IS 'x'", "Comment(Target: View, Name: v, Comment: 'x')")]
    [InlineData("COMMENT ON SCHEMA s IS 'x'", "Comment(Target: Schema, Name: s, Comment: 'x')")]
    [InlineData(
        "CALL iceberg.system.register_table('sales', 'orders', 's3://x/metadata.json')",
        "Call(Procedure: iceberg.system.register_table, Arguments: [«'sales'», «'orders'», «'s3://x/metadata.json'»])")]
    [InlineData(
        "CALL system.rollback_to_snapshot(table => 's.t', snapshot_id => 123)",
        "Call(Procedure: system.rollback_to_snapshot, Arguments: [table=>«'s.t'», snapshot_id=>«123»])")]
    [InlineData("ALTER VIEW v SET TAGS ('a')", "AlterViewProperties(Name: v, Set: [tarn.tag.a=''])")]
    [InlineData("ALTER VIEW v UNSET TAGS ('a')", "AlterViewProperties(Name: v, Removed: ['tarn.tag.a'])")]
    [InlineData("ALTER VIEW v OWNER TO ada", "AlterViewProperties(Name: v, Set: [owner='ada'])")]
    [InlineData("ALTER VIEW v SET AUTHORIZATION ada", "AlterViewProperties(Name: v, Set: [owner='ada'])")]
    [InlineData("UNDROP TABLE s.t", "Undrop(Name: s.t)")]
    [InlineData("UNDROP VIEW v RENAME TO s.w", "Undrop(Name: v, IsView: True, NewName: s.w)")]
    [InlineData("undrop table t as u", "Undrop(Name: t, NewName: u)")]
    [InlineData("CALL p()", "Call(Procedure: p)")]
    public void Parse_ViewStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
