using System.Numerics;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.DuckDb.Tests.Writing;

public sealed class DuckDbAppenderTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DuckDbConnection _connection = fixture.Database.Connect();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void AppendRow_EveryType_ReadsBackEqual()
    {
        _connection.Execute("""
            CREATE OR REPLACE TABLE every_type(a BOOLEAN, b TINYINT, c SMALLINT, d INTEGER, e BIGINT, f UTINYINT, g USMALLINT, h UINTEGER, i UBIGINT,
                j HUGEINT, k UHUGEINT, l FLOAT, m DOUBLE, n DECIMAL(4,1), o DECIMAL(9,2), p DECIMAL(18,3), q DECIMAL(38,4), r VARCHAR, s BLOB,
                t DATE, u TIME, v TIMESTAMP, w TIMESTAMP_S, x TIMESTAMP_MS, y TIMESTAMP_NS, z TIMESTAMPTZ, aa TIMETZ, ab INTERVAL, ac UUID,
                ad ENUM('red', 'green'), ae BIT, af BIGNUM, ag INTEGER[], ah VARCHAR[2], ai STRUCT(p INTEGER, q VARCHAR[]),
                aj MAP(VARCHAR, DECIMAL(5,2)), ak UNION(n INTEGER, t VARCHAR), al TIME_NS, am STRUCT(p INTEGER[])[][], an JSON)
            """);
        object?[] row =
        [
            true, sbyte.MinValue, short.MinValue, int.MinValue, long.MinValue, byte.MaxValue, ushort.MaxValue, uint.MaxValue, ulong.MaxValue,
            Int128.MinValue, UInt128.MaxValue, 1.5f, -2.5, new Decimal38(-1234, 1), new Decimal38(123456789, 2), new Decimal38(-1, 3),
            new Decimal38(Int128.Parse("99999999999999999999999999999999999999"), 4), "text that is longer than twelve bytes", new byte[] { 0, 255 },
            -1, 86_399_999_999L, Time(-1, DuckDbTimestampUnit.Microseconds), Time(1, DuckDbTimestampUnit.Seconds),
            Time(2, DuckDbTimestampUnit.Milliseconds), Time(3, DuckDbTimestampUnit.Nanoseconds),
            new DuckDbTimestamp(4, DuckDbTimestampUnit.Microseconds, true), new DuckDbTimeTz(1, -3600), new DuckDbInterval(1, 2, 3),
            Guid.Parse("80000000-0000-0000-0000-000000000001"), "green", "0101100111", BigInteger.Pow(-7, 77),
            new object?[] { 1, null, 3 }, new object?[] { "x", null },
            new KeyValuePair<string, object?>[] { new("p", 7), new("q", new object?[] { "deep", null }) },
            new KeyValuePair<object, object?>[] { new("k", new Decimal38(125, 2)), new("l", null) },
            new DuckDbUnion("t", "tagged"), 5L,
            new object?[] { new object?[] { new KeyValuePair<string, object?>[] { new("p", new object?[] { 1 }) }, null }, null, Array.Empty<object?>() },
            "{\"a\": [1]}",
        ];
        using (var appender = _connection.OpenAppender("every_type"))
        {
            for (var i = 0; i < 3000; i++)
            {
                appender.AppendRow(row);
                appender.AppendRow(new object?[row.Length]);
            }
            appender.Complete();
        }
        using var result = _connection.Query("FROM every_type");
        var number = 0;
        foreach (var back in result.Rows())
            Assert.Equal(number++ % 2 == 0 ? row : new object?[row.Length], back);
        Assert.Equal(6000, number);
    }

    private static DuckDbTimestamp Time(long value, DuckDbTimestampUnit unit) => new(value, unit, WithTimeZone: false);

    [Fact]
    public void AppendChunk_ColumnsWrittenBySpans_ArriveInOrder()
    {
        _connection.Execute("CREATE OR REPLACE TABLE fast(id BIGINT, tags INTEGER[], name VARCHAR)");
        using (var appender = _connection.OpenAppender("fast"))
        {
            for (var start = 0; start < 100_000; start += DuckDbChunkWriter.MaxRows)
            {
                var rows = Math.Min(DuckDbChunkWriter.MaxRows, 100_000 - start);
                WriteRows(appender.Chunk, start, rows);
                appender.AppendChunk(rows);
            }
            appender.Complete();
        }
        using var result = _connection.Query("SELECT count(*), sum(id), sum(len(tags)), sum(list_sum(tags)), count(*) FILTER (name = 'name ' || id) FROM fast");
        var row = result.NextChunk()!.GetRow(0);
        var lengths = Enumerable.Range(0, 100_000).Select(id => id % 7).ToList();
        Assert.Equal([100_000L, (Int128)4_999_950_000, (Int128)lengths.Sum(), (Int128)lengths.Sum(n => n * (n - 1) / 2), 100_000L], row);
    }

    private static void WriteRows(DuckDbChunkWriter chunk, int start, int rows)
    {
        var ids = chunk[0].Values<long>();
        for (var row = 0; row < rows; row++)
        {
            var id = start + row;
            ids[row] = id;
            var offset = chunk[1].SetList(row, id % 7);
            var elements = chunk[1].Child(0).Values<int>();
            for (var k = 0; k < id % 7; k++)
                elements[offset + k] = k;
            chunk[2].SetString(row, $"name {id}");
        }
    }

    [Fact]
    public void Complete_ConstraintBroken_ThrowsAndWritesNothing()
    {
        _connection.Execute("CREATE OR REPLACE TABLE strict(i INTEGER NOT NULL)");
        using (var appender = _connection.OpenAppender("strict"))
        {
            appender.AppendRow(1);
            appender.AppendRow(new object?[] { null });
            Assert.Equal(DuckDbErrorType.Constraint, Assert.Throws<DuckDbException>(appender.Complete).Type);
        }
        Assert.Equal(0L, _connection.Scalar("SELECT count(*) FROM strict"));
    }

    [Fact]
    public void Dispose_WithoutComplete_DropsTheRows()
    {
        _connection.Execute("CREATE OR REPLACE TABLE dropped(i INTEGER)");
        using (var appender = _connection.OpenAppender("dropped"))
            appender.AppendRow(1);
        Assert.Equal(0L, _connection.Scalar("SELECT count(*) FROM dropped"));
    }

    [Fact]
    public void OpenAppender_NoSuchTable_IsNotFound() =>
        Assert.Equal((DuckDbErrorType.Catalog, ErrorKind.NotFound), Kinds(Assert.Throws<DuckDbException>(() => _connection.OpenAppender("no_such_table"))));

    private static (DuckDbErrorType, ErrorKind) Kinds(DuckDbException error) => (error.Type, error.Kind);

    [Fact]
    public void AppendRow_ValueThatDoesNotFit_NamesValueAndType()
    {
        _connection.Execute("CREATE OR REPLACE TABLE narrow(i TINYINT, d DECIMAL(4,1), e ENUM('a'))");
        using var appender = _connection.OpenAppender("narrow");
        Assert.Contains("TINYINT", Assert.Throws<ArgumentException>(() => appender.AppendRow(300, 1m, "a")).Message);
        Assert.Throws<ArgumentException>(() => appender.AppendRow(3, 1.23m, "a"));
        Assert.Throws<ArgumentException>(() => appender.AppendRow(3, 1m, "b"));
        Assert.Throws<ArgumentException>(() => appender.AppendRow(3, 1m));
        Assert.Throws<ArgumentException>(() => appender.Chunk[0].SetValue(0, "text"));
    }
}
