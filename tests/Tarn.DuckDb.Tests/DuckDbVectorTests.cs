using System.Numerics;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb.Tests;

public sealed class DuckDbVectorTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DuckDbConnection _connection = fixture.Database.Connect();

    public void Dispose() => _connection.Dispose();

    public static TheoryData<string, string, object?> Scalars => new()
    {
        { "true", "BOOLEAN", true },
        { "(-128)::TINYINT", "TINYINT", sbyte.MinValue },
        { "(-32768)::SMALLINT", "SMALLINT", short.MinValue },
        { "(-2147483648)::INTEGER", "INTEGER", int.MinValue },
        { "9223372036854775807", "BIGINT", long.MaxValue },
        { "255::UTINYINT", "UTINYINT", byte.MaxValue },
        { "65535::USMALLINT", "USMALLINT", ushort.MaxValue },
        { "4294967295::UINTEGER", "UINTEGER", uint.MaxValue },
        { "18446744073709551615::UBIGINT", "UBIGINT", ulong.MaxValue },
        { "1.5::FLOAT", "FLOAT", 1.5f },
        { "'-inf'::DOUBLE", "DOUBLE", double.NegativeInfinity },
        { "12.5::DECIMAL(4,1)", "DECIMAL(4,1)", new Decimal38(125, 1) },
        { "-12.5::DECIMAL(9,3)", "DECIMAL(9,3)", new Decimal38(-12500, 3) },
        { "0.01::DECIMAL(18,2)", "DECIMAL(18,2)", new Decimal38(1, 2) },
        { "DATE '1969-12-31'", "DATE", -1 },
        { "TIME '00:00:01.000002'", "TIME", 1_000_002L },
        { "'23:59:59.123456789'::TIME_NS", "TIME_NS", 86_399_123_456_789L },
        { "'10:00:00+02'::TIMETZ", "TIME WITH TIME ZONE", new DuckDbTimeTz(36_000_000_000, 7200) },
        { "TIMESTAMP '1970-01-01 00:00:01'", "TIMESTAMP", new DuckDbTimestamp(1_000_000, DuckDbTimestampUnit.Microseconds, false) },
        { "'1970-01-01 00:00:01'::TIMESTAMP_S", "TIMESTAMP_S", new DuckDbTimestamp(1, DuckDbTimestampUnit.Seconds, false) },
        { "'1970-01-01 00:00:01'::TIMESTAMP_MS", "TIMESTAMP_MS", new DuckDbTimestamp(1000, DuckDbTimestampUnit.Milliseconds, false) },
        { "'1970-01-01 00:00:01.000000007'::TIMESTAMP_NS", "TIMESTAMP_NS", new DuckDbTimestamp(1_000_000_007, DuckDbTimestampUnit.Nanoseconds, false) },
        { "TIMESTAMPTZ '1970-01-01 00:00:00+00'", "TIMESTAMP WITH TIME ZONE", new DuckDbTimestamp(0, DuckDbTimestampUnit.Microseconds, true) },
        { "'infinity'::TIMESTAMP", "TIMESTAMP", new DuckDbTimestamp(DuckDbTimestamp.Infinity, DuckDbTimestampUnit.Microseconds, false) },
        { "'-infinity'::TIMESTAMP", "TIMESTAMP", new DuckDbTimestamp(-DuckDbTimestamp.Infinity, DuckDbTimestampUnit.Microseconds, false) },
        { "INTERVAL '1 month 2 days 3 seconds'", "INTERVAL", new DuckDbInterval(1, 2, 3_000_000) },
        { "'00112233-4455-6677-8899-aabbccddeeff'::UUID", "UUID", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff") },
        { "'short'", "VARCHAR", "short" },
        { "'twelve bytes'", "VARCHAR", "twelve bytes" },
        { "'thirteen byte'", "VARCHAR", "thirteen byte" },
        { "''", "VARCHAR", "" },
        { "'añ😀漢字'", "VARCHAR", "añ😀漢字" },
        { "'{\"a\": 1}'::JSON", "JSON", "{\"a\": 1}" },
        { "'b'::ENUM('a', 'b')", "ENUM('a', 'b')", "b" },
        { "'01011'::BIT", "BIT", "01011" },
        { "NULL", "INTEGER", null },
        { "union_value(num := 2)", "UNION(\"num\" INTEGER)", new DuckDbUnion("num", 2) },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void GetValue_EachScalarType_GivesItsCanonicalObject(string sql, string type, object? expected)
    {
        using var result = _connection.Query($"SELECT {sql}");
        Assert.Equal(type, result.Columns[0].Type.ToString());
        Assert.Equal(expected, result.NextChunk()![0].GetValue(0));
    }

    [Fact]
    public void GetValue_WideNumbers_AreExact()
    {
        Assert.Equal(Int128.MinValue, _connection.Scalar("SELECT (-170141183460469231731687303715884105728)::HUGEINT"));
        Assert.Equal(UInt128.MaxValue, _connection.Scalar("SELECT 340282366920938463463374607431768211455::UHUGEINT"));
        Assert.Equal("-99999999999999999999999999999999999.999",
            _connection.Scalar("SELECT (-99999999999999999999999999999999999.999)::DECIMAL(38,3)")!.ToString());
        Assert.Equal(BigInteger.Parse("-123456789012345678901234567890123456789012345678901234567890"),
            _connection.Scalar("SELECT '-123456789012345678901234567890123456789012345678901234567890'::BIGNUM"));
        Assert.Equal(BigInteger.Parse("1606938044258990275541962092341162602522202993782792835301376"),
            _connection.Scalar("SELECT '1606938044258990275541962092341162602522202993782792835301376'::BIGNUM"));
        Assert.Equal(BigInteger.Zero, _connection.Scalar("SELECT '0'::BIGNUM"));
    }

    [Fact]
    public void GetValue_Blob_GivesBytes()
    {
        Assert.Equal(new byte[] { 0, 255, 65 }, _connection.Scalar(@"SELECT '\x00\xFFA'::BLOB"));
        Assert.Equal(Enumerable.Repeat((byte)'x', 100).ToArray(), _connection.Scalar("SELECT repeat('x', 100)::BLOB"));
        Assert.Equal(Array.Empty<byte>(), _connection.Scalar("SELECT ''::BLOB"));
    }

    [Fact]
    public void GetValue_Geometry_GivesWellKnownBinary() =>
        // Little endian, kind 1 (point), 1.0, 2.0.
        Assert.Equal(Convert.FromHexString("0101000000000000000000F03F0000000000000040"), _connection.Scalar("SELECT 'POINT(1 2)'::GEOMETRY"));

    [Fact]
    public void GetValue_Nested_GivesListsAndOrderedPairs()
    {
        using var result = _connection.Query("""
            SELECT [1, NULL, 3], [[1], [], NULL, [2, 3]], {'a': 1, 'b': {'c': 'text', 'd': NULL}}, MAP {'k': 1, 'l': NULL},
                [1, 2, 3]::INTEGER[3], [{'x': 1}, {'x': 2}], []::INTEGER[], NULL::INTEGER[], row(1, 'two')
            """);
        var row = result.NextChunk()!.GetRow(0);
        Assert.Equal(new object?[] { 1, null, 3 }, row[0]);
        Assert.Equal(new object?[] { new object?[] { 1 }, Array.Empty<object?>(), null, new object?[] { 2, 3 } }, row[1]);
        Assert.Equal([Pair("a", 1), Pair("b", new[] { Pair("c", "text"), Pair("d", null) })], Assert.IsType<KeyValuePair<string, object?>[]>(row[2]));
        Assert.Equal(new[] { new KeyValuePair<object, object?>("k", 1), new KeyValuePair<object, object?>("l", null) }, row[3]);
        Assert.Equal(new object?[] { 1, 2, 3 }, row[4]);
        Assert.Equal(new object?[] { new[] { Pair("x", 1) }, new[] { Pair("x", 2) } }, row[5]);
        Assert.Equal(Array.Empty<object?>(), row[6]);
        Assert.Null(row[7]);
        Assert.Equal(new[] { Pair("", 1), Pair("", "two") }, row[8]);
    }

    private static KeyValuePair<string, object?> Pair(string name, object? value) => new(name, value);

    [Fact]
    public void GetValue_Variant_IsRefusedWithAWayOut()
    {
        using var result = _connection.Query("SELECT 1::VARIANT");
        var error = Assert.Throws<TarnException>(() => result.NextChunk()![0].GetValue(0));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("cast", error.Message);
    }

    // Streaming hands out what the last operator made, in whatever vector encoding: nested vectors must still be read right.
    [Theory]
    [InlineData("SELECT [i, i + 1, NULL] AS v FROM range(5000) r(i)")]
    [InlineData("SELECT list_reverse([i, i + 1, i + 2]) AS v FROM range(5000) r(i)")]
    [InlineData("SELECT list_sort([i, -i, NULL]) AS v FROM range(5000) r(i)")]
    [InlineData("SELECT list_select(['a', 'b', i::VARCHAR], [3, 1]) AS v FROM range(5000) r(i)")]
    [InlineData("SELECT ['x', 'y'] AS v FROM range(5000) r(i)")]
    [InlineData("SELECT {'a': 'const', 'b': i, 'c': [i]} AS v FROM range(5000) r(i) WHERE i % 3 = 0")]
    [InlineData("SELECT MAP {i: 'v' || i, i + 1: NULL} AS v FROM range(5000) r(i) WHERE i % 2 = 1")]
    [InlineData("SELECT [i, i]::BIGINT[2] AS v FROM range(5000) r(i) WHERE i % 2 = 1")]
    [InlineData("SELECT union_value(k := [i]) AS v FROM range(5000) r(i) WHERE i % 7 = 1")]
    [InlineData("SELECT list_zip([i, 2], ['a', NULL]) AS v FROM range(5000) r(i)")]
    [InlineData("SELECT list_transform([i, 2], lambda x: {'x': x, 'k': 'const'}) AS v FROM range(5000) r(i)")]
    [InlineData("SELECT array_slice([i, i + 1, i + 2, i + 3], 2, 3) AS v FROM range(5000) r(i)")]
    [InlineData("SELECT list_sort([3 + (random() * 0)::INTEGER, 1, NULL, 2]) AS v")]
    [InlineData("SELECT list_reverse(['a' || (random() * 0)::INTEGER, 'b']) AS v")]
    [InlineData("SELECT list_select([{'x': (random() * 0)::INTEGER}, {'x': 1}], [2, 1, 2]) AS v")]
    [InlineData("SELECT struct_extract({'p': [1, i]}, 'p') AS v FROM range(5000) r(i)")]
    public void GetValue_StreamedNestedVectors_EqualMaterialisedOnes(string sql)
    {
        using var streamed = _connection.Stream(sql);
        var fromStream = streamed.Rows().Select(row => Show(row[0])).ToList();
        using var materialised = _connection.Query(sql);
        Assert.Equal(materialised.Rows().Select(row => Show(row[0])).ToList(), fromStream);
        using var cast = _connection.Query($"SELECT count(*), count(v::VARCHAR) FROM ({sql})");
        Assert.Equal((long)fromStream.Count, cast.NextChunk()![0].GetValue(0));
    }

    private static string Show(object? value) => value switch
    {
        null => "NULL",
        KeyValuePair<string, object?>[] fields => "{" + string.Join(", ", fields.Select(field => field.Key + ": " + Show(field.Value))) + "}",
        KeyValuePair<object, object?>[] pairs => "<" + string.Join(", ", pairs.Select(pair => Show(pair.Key) + ": " + Show(pair.Value))) + ">",
        object?[] list => "[" + string.Join(", ", list.Select(Show)) + "]",
        DuckDbUnion union => union.Tag + "=" + Show(union.Value),
        _ => value.ToString()!,
    };

    [Fact]
    public void Values_ManyChunks_GiveEveryRowOnce()
    {
        using var result = _connection.Query("SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE i::INTEGER END, 'row ' || i || repeat('-', 20) FROM range(10000) r(i)");
        long next = 0, nulls = 0;
        foreach (var chunk in result.Chunks())
        {
            var ids = chunk[0].Values<long>();
            var maybe = chunk[1];
            for (var row = 0; row < ids.Length; row++, next++)
            {
                Assert.Equal(next, ids[row]);
                nulls += maybe.IsValid(row) ? 0 : 1;
                if (maybe.IsValid(row))
                    Assert.Equal((int)next, maybe.Values<int>()[row]);
                Assert.Equal($"row {next}--------------------", Encoding.UTF8.GetString(chunk[2].Bytes(row)));
            }
        }
        Assert.Equal(10_000, next);
        Assert.Equal(1_000, nulls);
    }

    [Fact]
    public void Values_OfAnotherWidth_IsRefused()
    {
        using var result = _connection.Query("SELECT 1::INTEGER, 'text'");
        var chunk = result.NextChunk()!;
        Assert.Throws<InvalidOperationException>(() => chunk[0].Values<long>().Length);
        Assert.Throws<InvalidOperationException>(() => chunk[0].Bytes(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => chunk[0].GetValue(1));
    }

    [Fact]
    public void GetValue_AfterTheResultMovedOn_IsRefused()
    {
        using var result = _connection.Query("FROM range(5000)");
        var first = result.NextChunk()!;
        var vector = first[0];
        result.NextChunk();
        Assert.Throws<ObjectDisposedException>(() => vector.GetValue(0));
        Assert.Throws<ObjectDisposedException>(() => first[0]);
    }

    [Fact]
    public void Detach_ChunkOutlivesItsResult()
    {
        var kept = new List<DuckDbChunk>();
        using (var result = _connection.Query("FROM range(5000)"))
            foreach (var chunk in result.Chunks())
                kept.Add(chunk.Detach());
        Assert.Equal(5000 * 4999L / 2, kept.Sum(chunk => { long sum = 0; foreach (var v in chunk[0].Values<long>()) sum += v; return sum; }));
        kept.ForEach(chunk => chunk.Dispose());
    }
}
