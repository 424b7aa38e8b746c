using Tarn.Core.Errors;
using Tarn.Engine.Foreign;
using Tarn.Engine.Types;

namespace Tarn.Engine.Tests.Foreign;

public sealed class HiveTypeParserTests
{
    [Theory]
    [InlineData("int", "INTEGER")]
    [InlineData("TINYINT", "INTEGER")]
    [InlineData("decimal", "DECIMAL(10,0)")]
    [InlineData("decimal( 12 , 3 )", "DECIMAL(12,3)")]
    [InlineData("varchar(20)", "VARCHAR")]
    [InlineData("timestamp with local time zone", "TIMESTAMPTZ")]
    [InlineData("array<map<string,struct<a:int,b b:array<date>>>>", "MAP(VARCHAR, STRUCT(\"a\" INTEGER, \"b b\" DATE[]))[]")]
    public void Parse_TypesOfHive_BecomeTypesOfTheEngine(string text, string expected)
    {
        int last = 0;
        Assert.Equal(expected, EngineType.Of(HiveTypeParser.Parse(text).ToIceberg(() => ++last)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("array<int")]
    [InlineData("map<int>")]
    [InlineData("int int>")]
    [InlineData("struct<int>")]
    [InlineData("decimal(x)")]
    [InlineData("decimal(1")]
    public void Parse_Damaged_IsTold(string text) => Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => HiveTypeParser.Parse(text)).Kind);

    [Fact]
    public void Parse_NestedWithoutEnd_StopsAtALimit() => Assert.Contains("deep", Assert.Throws<TarnException>(() => HiveTypeParser.Parse(string.Concat(Enumerable.Repeat("array<", 100_000)))).Message, StringComparison.Ordinal);

    [Fact]
    public void ToIceberg_UnknownType_IsRefusedByName() => Assert.Contains("uniontype", Assert.Throws<TarnException>(() => HiveTypeParser.Parse("uniontype<int,string>").ToIceberg(() => 1)).Message, StringComparison.Ordinal);
}
