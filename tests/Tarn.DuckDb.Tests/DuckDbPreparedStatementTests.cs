using Tarn.Core.Values;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Tests;

public sealed class DuckDbPreparedStatementTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DuckDbConnection _connection = fixture.Database.Connect();

    public void Dispose() => _connection.Dispose();

    public static TheoryData<object?, string, object?> Parameters => new()
    {
        { null, "\"NULL\"", null },
        { true, "BOOLEAN", true },
        { sbyte.MinValue, "TINYINT", sbyte.MinValue },
        { short.MinValue, "SMALLINT", short.MinValue },
        { int.MinValue, "INTEGER", int.MinValue },
        { long.MinValue, "BIGINT", long.MinValue },
        { byte.MaxValue, "UTINYINT", byte.MaxValue },
        { ushort.MaxValue, "USMALLINT", ushort.MaxValue },
        { uint.MaxValue, "UINTEGER", uint.MaxValue },
        { ulong.MaxValue, "UBIGINT", ulong.MaxValue },
        { 1.5f, "FLOAT", 1.5f },
        { double.NaN, "DOUBLE", double.NaN },
        { 12.340m, "DECIMAL(5,3)", new Decimal38(12340, 3) },
        { -0.001m, "DECIMAL(3,3)", new Decimal38(-1, 3) },
        { 0m, "DECIMAL(1,0)", new Decimal38(0, 0) },
        { decimal.MinValue, "DECIMAL(29,0)", Decimal38.From(decimal.MinValue) },
        { "text", "VARCHAR", "text" },
        { "", "VARCHAR", "" },
        { "a\0b", "VARCHAR", "a\0b" },
        { 'c', "VARCHAR", "c" },
        { new DateTime(1969, 12, 31, 23, 59, 59), "TIMESTAMP", new DuckDbTimestamp(-1_000_000, DuckDbTimestampUnit.Microseconds, false) },
        { DateTime.UnixEpoch, "TIMESTAMP WITH TIME ZONE", new DuckDbTimestamp(0, DuckDbTimestampUnit.Microseconds, true) },
        { TimeSpan.FromSeconds(-1), "INTERVAL", new DuckDbInterval(0, 0, -1_000_000) },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Bind_EachObject_ArrivesAsItsType(object? value, string type, object? expected)
    {
        using var statement = _connection.Prepare("SELECT ?, typeof($1)");
        statement.Bind(1, value);
        using var result = statement.Query();
        var row = result.NextChunk()!.GetRow(0);
        Assert.Equal(type, (string)row[1]!);
        if (value is not null)
            Assert.Equal(expected, row[0]);
    }

    [Fact]
    public void Bind_ValuesThatXunitCannotName_ArriveToo()
    {
        var guid = Guid.Parse("ffeeddcc-4455-6677-8899-aabbccddeeff");
        using var statement = _connection.Prepare("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11");
        statement.BindAll(Int128.MinValue, UInt128.MaxValue, guid, new byte[] { 0, 1, 255 }, new DateOnly(1969, 12, 31),
            new TimeOnly(1, 2, 3), new DateTimeOffset(1970, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)),
            new Decimal38(Int128.Parse("-99999999999999999999999999999999999999"), 38), new[] { 1, 2, 3 }, Array.Empty<string>(),
            new object?[] { null, "x" });
        using var result = statement.Query();
        Assert.Equal(
            [Int128.MinValue, UInt128.MaxValue, guid, new byte[] { 0, 1, 255 }, -1, 3_723_000_000L,
                new DuckDbTimestamp(0, DuckDbTimestampUnit.Microseconds, true),
                new Decimal38(Int128.Parse("-99999999999999999999999999999999999999"), 38), new object?[] { 1, 2, 3 }, Array.Empty<object?>(),
                new object?[] { null, "x" }],
            result.NextChunk()!.GetRow(0));
    }

    [Fact]
    public void Bind_NestedObjects_ArriveAsStructsMapsAndLists()
    {
        var fields = new KeyValuePair<string, object?>[] { new("a", 1), new("b", new object?[] { "x", null }), new("c", null) };
        var pairs = new KeyValuePair<object, object?>[] { new("k", 1.5), new("l", null) };
        using var statement = _connection.Prepare("SELECT $1, $2, $3, $4");
        statement.BindAll(fields, pairs, new[] { fields, fields }, Array.Empty<KeyValuePair<object, object?>>());
        using var result = statement.Query();
        Assert.Equal([fields, pairs, new object?[] { fields, fields }, Array.Empty<KeyValuePair<object, object?>>()], result.NextChunk()!.GetRow(0));
    }

    [Fact]
    public void TableNames_Query_AreThoseItMentions()
    {
        const string sql = "WITH c AS (FROM a.b.t1) SELECT * FROM c, \"T 2\" WHERE x IN (SELECT y FROM s.t3)";
        Assert.Equal(["\"T 2\"", "a.b.t1", "s.t3"], _connection.TableNames(sql).Order(StringComparer.Ordinal));
        Assert.Equal(["T 2", "t1", "t3"], _connection.TableNames(sql, qualified: false).Order(StringComparer.Ordinal));
        Assert.Equal(DuckDbErrorType.Parser, Assert.Throws<DuckDbException>(() => _connection.TableNames("SELEKT")).Type);
    }

    [Fact]
    public void Bind_ByName_IgnoresCaseAndRefusesUnknownNames()
    {
        using var statement = _connection.Prepare("SELECT $first - $second");
        Assert.Equal(2, statement.ParameterCount);
        statement.Bind("FIRST", 10);
        statement.Bind("second", 3);
        using (var result = statement.Query())
            Assert.Equal(7, result.NextChunk()![0].GetValue(0));
        Assert.Contains("first", Assert.Throws<ArgumentException>(() => statement.Bind("third", 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => statement.Bind(3, 1));
        Assert.Throws<ArgumentException>(() => statement.Bind(1, new Uri("http://localhost")));
    }

    [Fact]
    public void Columns_BeforeExecution_AreKnown()
    {
        using var statement = _connection.Prepare("SELECT 1::DECIMAL(10,2) AS price, [{'a': 'x'}] AS items WHERE $1 = 1::BIGINT");
        Assert.Equal(DuckDbStatementType.Select, statement.StatementType);
        Assert.Equal("price DECIMAL(10,2), items STRUCT(\"a\" VARCHAR)[]",
            string.Join(", ", statement.Columns.Select(column => $"{column.Name} {column.Type}")));
        Assert.Equal("BIGINT", statement.ParameterType(1)!.ToString());
        Assert.Equal("1", statement.ParameterName(1));
    }

    [Fact]
    public void Execute_ManyTimes_CountsChangedRows()
    {
        _connection.Execute("CREATE OR REPLACE TEMP TABLE numbers(i INTEGER)");
        using (var insert = _connection.Prepare("INSERT INTO numbers VALUES (?), (?)"))
            for (var i = 0; i < 10; i++)
            {
                insert.BindAll(i, -i);
                Assert.Equal(2, insert.Execute());
            }
        Assert.Equal(20L, _connection.Scalar("SELECT count(*) FROM numbers"));
        Assert.Equal(9, _connection.Execute("DELETE FROM numbers WHERE i > 0"));
        Assert.Equal(0, _connection.Execute("SELECT 1"));
    }

    [Fact]
    public void Query_WithoutBoundParameters_Fails()
    {
        using var statement = _connection.Prepare("SELECT ?::INTEGER");
        Assert.Throws<DuckDbException>(() => statement.Query());
    }

    [Fact]
    public void ExtractStatements_LaterUsesEarlier_PreparesOneByOne()
    {
        var types = new List<DuckDbStatementType>();
        foreach (var statement in _connection.ExtractStatements("CREATE TEMP TABLE later(i INT); INSERT INTO later VALUES (1); SELECT * FROM later;"))
            using (statement)
            {
                types.Add(statement.StatementType);
                statement.Execute();
            }
        Assert.Equal([DuckDbStatementType.Create, DuckDbStatementType.Insert, DuckDbStatementType.Select], types);
        Assert.Empty(_connection.ExtractStatements("-- nothing"));
        var error = Assert.Throws<DuckDbException>(() => _connection.ExtractStatements("SELECT 1;\nSELEKT 2").ToList());
        Assert.Equal((2, 1), (error.Line, error.Column));
    }

    [Fact]
    public void Prepare_SeveralStatements_IsRefused() =>
        Assert.Throws<DuckDbException>(() => _connection.Prepare("SELECT 1; SELECT 2"));
}
