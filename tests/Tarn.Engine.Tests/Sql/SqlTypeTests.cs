using Tarn.Engine.Sql;

namespace Tarn.Engine.Tests.Sql;

public sealed class SqlTypeTests
{
    [Theory]
    [InlineData("boolean|BOOL", "boolean")]
    [InlineData("int|INTEGER|int4|tinyint|smallint|short|byte|utinyint|usmallint", "integer")]
    [InlineData("bigint|LONG|int8|uinteger", "bigint")]
    [InlineData("real|float|float4", "real")]
    [InlineData("double|double precision|float8", "double")]
    [InlineData("decimal(9,2)|NUMERIC(9, 2)|dec(9,2)", "decimal(9, 2)")]
    [InlineData("decimal(38)", "decimal(38, 0)")]
    [InlineData("varchar|string|text|char|character varying", "varchar")]
    [InlineData("varchar(10)|char(10)|character varying(10)", "varchar(10)")]
    [InlineData("varbinary|binary|blob|bytea", "varbinary")]
    [InlineData("fixed(16)|fixed[16]|binary(16)", "fixed(16)")]
    [InlineData("date", "date")]
    [InlineData("time|time(6)|time(3)|time without time zone", "time(6)")]
    [InlineData("timestamp|timestamp(6)|timestamp(3)|datetime|timestamp_ntz|timestamp_ms|timestamp without time zone", "timestamp(6)")]
    [InlineData("timestamp with time zone|timestamp(6) with time zone|timestamptz|timestamp_ltz|timestamp with local time zone", "timestamp(6) with time zone")]
    [InlineData("timestamp(9)|timestamp_ns", "timestamp(9)")]
    [InlineData("timestamp(9) with time zone|timestamptz_ns|timestamptz(9)", "timestamp(9) with time zone")]
    [InlineData("uuid", "uuid")]
    [InlineData("variant", "variant")]
    [InlineData("unknown|void", "unknown")]
    [InlineData("geometry", "geometry")]
    [InlineData("geometry('EPSG:3857')|geometry(EPSG:3857)", "geometry('EPSG:3857')")]
    [InlineData("geography", "geography")]
    [InlineData("geography('srid:4326', 'KARNEY')", "geography('srid:4326', 'karney')")]
    [InlineData("row(a int, b varchar)|STRUCT(a INT, b VARCHAR)|struct<a int, b string>|struct<a: int, b: string>|struct<a:int,b:string>", "row(a integer, b varchar)")]
    [InlineData("struct<a int not null comment 'x', \"B c\": struct<d: array<int>>>", "row(a integer not null comment 'x', \"B c\" row(d array(integer)))")]
    [InlineData("struct<offset:int,`by`:bigint>", "row(\"offset\" integer, by bigint)")]
    [InlineData("array(int)|int[]|array<int>|list<int>|list(int)", "array(integer)")]
    [InlineData("int[][]|array<array<int>>", "array(array(integer))")]
    [InlineData("map(varchar, int)|map<string,int>|MAP(VARCHAR, INTEGER)", "map(varchar, integer)")]
    [InlineData("map<string,struct<x:decimal(3,1)>>[]", "array(map(varchar, row(x decimal(3, 1))))")]
    public void ParseType_Spellings_GiveOneType(string spellings, string expected)
    {
        var types = spellings.Split('|').Select(SqlParser.ParseType).ToArray();
        Assert.All(types, type => Assert.Equal(expected, type.ToString()));
        Assert.All(types, type => Assert.Equal(types[0], type));
        Assert.Equal(types[0], SqlParser.ParseType(expected));
    }

    [Fact]
    public void ParseType_VeryDeep_IsRefused()
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.ParseType(string.Concat(Enumerable.Repeat("array<", 100_000))));
        Assert.Equal("types nest deeper than 100 levels", error.Problem);
    }
}
