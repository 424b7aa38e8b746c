using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Tests.Types;

public sealed class DuckDbTypeTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly DuckDbType Integer = DuckDbType.Of(DuckDbTypeId.Integer);
    private static readonly DuckDbType Text = DuckDbType.Of(DuckDbTypeId.Varchar);

    public static IEnumerable<DuckDbType> Samples =>
    [
        .. Enum.GetValues<DuckDbTypeId>()
            .Where(id => id is not (DuckDbTypeId.Invalid or DuckDbTypeId.Any or DuckDbTypeId.StringLiteral or DuckDbTypeId.IntegerLiteral
                or DuckDbTypeId.Decimal or DuckDbTypeId.Enum or DuckDbTypeId.List or DuckDbTypeId.Struct or DuckDbTypeId.Map
                or DuckDbTypeId.Union or DuckDbTypeId.Array))
            .Select(DuckDbType.Of),
        DuckDbType.Decimal(38, 10),
        DuckDbType.Enum("a", "it's", ""),
        DuckDbType.List(DuckDbType.List(Integer)),
        DuckDbType.Array(Text, 3),
        DuckDbType.Map(Text, DuckDbType.Struct(new DuckDbField("x y", Integer), new DuckDbField("\"q\"", Text))),
        DuckDbType.Union(new DuckDbField("number", Integer), new DuckDbField("text", Text)),
        Text.WithAlias("JSON"),
    ];

    [Fact]
    public void ToNative_EachType_ReadsBackEqual()
    {
        using var connection = fixture.Database.Connect();
        foreach (var type in Samples)
        {
            var back = DuckDbType.Take(Duplicate(type));
            Assert.Equal(type, back);
            Assert.Equal(type.GetHashCode(), back.GetHashCode());
        }
    }

    private static nint Duplicate(DuckDbType type)
    {
        // A list of the type is built and its child taken, because a handle destroys what it owns.
        using var list = DuckDbType.List(type).ToNative();
        return Tarn.DuckDb.Native.NativeMethods.duckdb_list_type_child_type(list.Value);
    }

    [Fact]
    public void ToString_EachType_IsSqlThatDuckDbReads()
    {
        using var connection = fixture.Database.Connect();
        foreach (var type in Samples.Where(type => type.Id is not (DuckDbTypeId.SqlNull or DuckDbTypeId.Variant or DuckDbTypeId.Geometry)))
        {
            using var statement = connection.Prepare($"SELECT NULL::{type}");
            Assert.Equal(type, statement.Columns[0].Type);
        }
    }

    [Fact]
    public void Equals_DifferentParts_IsFalse()
    {
        Assert.NotEqual(DuckDbType.Decimal(10, 2), DuckDbType.Decimal(10, 3));
        Assert.NotEqual(DuckDbType.List(Integer), DuckDbType.List(Text));
        Assert.NotEqual(Text, Text.WithAlias("JSON"));
        Assert.Throws<ArgumentException>(() => DuckDbType.Of(DuckDbTypeId.List));
    }

    [Theory]
    [InlineData("TIMESTAMP '2024-03-01 10:20:30.5'")]
    [InlineData("TIMESTAMP '1969-12-31 23:59:59.999999'")]
    [InlineData("TIMESTAMP '0001-01-01'")]
    [InlineData("TIMESTAMP '0044-03-15 (BC) 12:00:00'")]
    [InlineData("TIMESTAMP '12024-02-29 00:00:01'")]
    [InlineData("'1677-09-22 00:12:43.145224193'::TIMESTAMP_NS")]
    [InlineData("'2024-02-29 01:02:03'::TIMESTAMP_S")]
    [InlineData("'2024-02-29 01:02:03.04'::TIMESTAMP_MS")]
    [InlineData("'infinity'::TIMESTAMP")]
    [InlineData("'-infinity'::TIMESTAMPTZ")]
    [InlineData("TIMESTAMPTZ '2024-03-01 10:20:30+02'")]
    public void ToString_EachTimestamp_IsWhatDuckDbWrites(string sql)
    {
        using var connection = fixture.Database.Connect();
        connection.Execute("SET TimeZone = 'UTC'");
        Assert.Equal(connection.Scalar($"SELECT ({sql})::VARCHAR"), connection.Scalar($"SELECT {sql}")!.ToString());
    }

    [Fact]
    public void TryToDateTime_EachUnit_IsTheSameTime()
    {
        Assert.True(new DuckDbTimestamp(-1, DuckDbTimestampUnit.Seconds, true).TryToDateTime(out var time));
        Assert.Equal((DateTime.UnixEpoch.AddSeconds(-1), DateTimeKind.Utc), (time, time.Kind));
        Assert.True(new DuckDbTimestamp(-1, DuckDbTimestampUnit.Nanoseconds, false).TryToDateTime(out time));
        Assert.Equal(DateTime.UnixEpoch.Ticks - 1, time.Ticks);
        Assert.False(new DuckDbTimestamp(long.MaxValue - 1, DuckDbTimestampUnit.Seconds, false).TryToDateTime(out _));
        Assert.False(new DuckDbTimestamp(DuckDbTimestamp.Infinity, DuckDbTimestampUnit.Nanoseconds, false).TryToDateTime(out _));
    }
}
