namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class SchemaStatementTests
{
    [Theory]
    [InlineData("CREATE SCHEMA s", "CreateSchema(Name: s)")]
    [InlineData(
        "CREATE SCHEMA IF NOT EXISTS c.s WITH (location = 's3://x/y', owner = 'me')",
        "CreateSchema(Name: c.s, IfNotExists: True, Properties: [location='s3://x/y', owner='me'])")]
    [InlineData(
        "CREATE DATABASE s COMMENT 'doc' LOCATION 'file:///x' WITH DBPROPERTIES ('a.b' = 'c')",
        "CreateSchema(Name: s, Comment: 'doc', Properties: [location='file:///x', a.b='c'])")]
    [InlineData("DROP SCHEMA s", "DropSchema(Name: s)")]
    [InlineData("DROP SCHEMA IF EXISTS s CASCADE", "DropSchema(Name: s, IfExists: True, Cascade: True)")]
    [InlineData("DROP SCHEMA s RESTRICT", "DropSchema(Name: s)")]
    [InlineData("ALTER SCHEMA s SET PROPERTIES a = 1, b = true", "AlterSchemaProperties(Name: s, Set: [a=1, b=TRUE])")]
    [InlineData("ALTER SCHEMA s SET DBPROPERTIES ('a' = 'x')", "AlterSchemaProperties(Name: s, Set: [a='x'])")]
    [InlineData("ALTER SCHEMA s SET TAGS ('a' = 'b')", "AlterSchemaProperties(Name: s, Set: [tarn.tag.a='b'])")]
    [InlineData("ALTER SCHEMA s UNSET TAGS ('a')", "AlterSchemaProperties(Name: s, Removed: ['tarn.tag.a'])")]
    [InlineData("ALTER SCHEMA s SET AUTHORIZATION ROLE r", "AlterSchemaProperties(Name: s, Set: [owner='r'])")]
    [InlineData("ALTER SCHEMA s UNSET PROPERTIES ('a', b)", "AlterSchemaProperties(Name: s, Removed: ['a', 'b'])")]
    [InlineData("ALTER SCHEMA s RENAME TO t", "RenameSchema(Name: s, NewName: t)")]
    public void Parse_SchemaStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
