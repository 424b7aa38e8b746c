using FsCheck;
using FsCheck.Fluent;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Tests.Sql;

public sealed class SqlPrinterTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("a_1", "a_1")]
    [InlineData("Orders", "\"Orders\"")]
    [InlineData("order", "\"order\"")]
    [InlineData("orders$snapshots", "\"orders$snapshots\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("1a", "\"1a\"")]
    public void Identifier_Name_IsQuotedWhereItMustBe(string name, string expected) => Assert.Equal(expected, SqlPrinter.Identifier(name));

    [Fact]
    public void Quote_AnyText_ReadsBackTheSame() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyString>(),
        text => Value(SqlPrinter.QuoteLiteral(text.Get)) == text.Get && Value(SqlPrinter.QuoteIdentifier(text.Get)) == text.Get));

    [Fact]
    public void ParseName_PrintedName_ReadsBackTheSame()
    {
        var name = SqlParser.ParseName("iceberg.\"My Schema\".orders.`a\"b`");
        Assert.Equal(["iceberg", "My Schema", "orders", "a\"b"], name.Texts);
        Assert.Equal(["iceberg", "My Schema", "orders"], name.Qualifier);
        Assert.Equal("a\"b", name.Last);
        Assert.Equal("iceberg.\"My Schema\".orders.\"a\"\"b\"", name.ToString());
        Assert.Equal(name, SqlParser.ParseName(name.ToString()));
        Assert.Equal("\"a\".\"b\"\"c\"", SqlPrinter.QuoteName("a", "b\"c"));
        Assert.Equal("'\\x0A\\xFF'::BLOB", SqlPrinter.QuoteBlob([0x0A, 0xFF]));
    }

    private static string Value(string sql) => SqlLexer.Tokenize(new SqlSource(sql))[0].Value;
}
