namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class OtherStatementTests
{
    [Theory]
    [InlineData("COPY t TO 'x.parquet'", "Other(Kind: 'COPY', Text: «COPY t TO 'x.parquet'»)")]
    [InlineData("ATTACH 'x.db'", "Other(Kind: 'ATTACH', Text: «ATTACH 'x.db'»)")]
    [InlineData("PRAGMA version", "Other(Kind: 'PRAGMA', Text: «PRAGMA version»)")]
    [InlineData("INSTALL httpfs", "Other(Kind: 'INSTALL', Text: «INSTALL httpfs»)")]
    [InlineData("LOAD httpfs", "Other(Kind: 'LOAD', Text: «LOAD httpfs»)")]
    [InlineData("CREATE TEMP TABLE t AS SELECT 1", "Other(Kind: 'CREATE TEMP', Text: «CREATE TEMP TABLE t AS SELECT 1»)")]
    [InlineData("CREATE OR REPLACE MACRO f(x) AS x + 1", "Other(Kind: 'CREATE MACRO', Text: «CREATE OR REPLACE MACRO f(x) AS x + 1»)")]
    [InlineData("CREATE FUNCTION f(x) AS x", "Other(Kind: 'CREATE FUNCTION', Text: «CREATE FUNCTION f(x) AS x»)")]
    [InlineData("DROP MACRO f", "Other(Kind: 'DROP MACRO', Text: «DROP MACRO f»)")]
    [InlineData("BEGIN TRANSACTION", "Other(Kind: 'BEGIN', Text: «BEGIN TRANSACTION»)")]
    [InlineData("COMMIT", "Other(Kind: 'COMMIT', Text: «COMMIT»)")]
    [InlineData("VACUUM", "Other(Kind: 'VACUUM', Text: «VACUUM»)")]
    [InlineData("ALTER SEQUENCE s OWNED BY t", "Other(Kind: 'ALTER SEQUENCE', Text: «ALTER SEQUENCE s OWNED BY t»)")]
    [InlineData("CHECKPOINT", "Other(Kind: 'CHECKPOINT', Text: «CHECKPOINT»)")]
    public void Parse_OtherStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
