using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Which types numbers and texts of JSON get, at any depth, so that none of them is altered.</summary>
public sealed class JsonTypesTests
{
    private const int BehindSample = 25_000;
    private const int Records = 400;

    [Theory]
    [InlineData("""{"a": {"id": 12345678901234567890123}}""", "STRUCT(id VARCHAR)", "a.id", "12345678901234567890123")]
    [InlineData("""{"a": {"id": 9007199254740993, "k": 1.5}}""", "STRUCT(id BIGINT, k DOUBLE)", "a.id", "9007199254740993")]
    [InlineData("""{"a": {"id": 18446744073709551615}}""", "STRUCT(id DECIMAL(38,0))", "a.id", "18446744073709551615")]
    [InlineData("""{"a": [9007199254740993, 1.5]}""", "VARCHAR[]", "a[1]", "9007199254740993")]
    [InlineData("""{"a": [[{"x": [-9007199254740993, 1.5]}], []]}""", "STRUCT(x VARCHAR[])[][]", "a[1][1].x[1]", "-9007199254740993")]
    [InlineData("""{"a": {"f": 1e400}}""", "STRUCT(f VARCHAR)", "a.f", "1e400")]
    [InlineData("""{"a": [1e20, 9007199254740994, 12345678901234567.89]}""", "DOUBLE[]", "a[2]::BIGINT", "9007199254740994")]
    [InlineData("""{"a": {"t": "2026-01-31T10:20:30+02:00"}}""", "STRUCT(t TIMESTAMP WITH TIME ZONE)", "a.t", "2026-01-31 08:20:30+00")]
    [InlineData("""{"a": ["2026-01-31T10:20:30.5", "2026-01-31 10:20:30"]}""", "TIMESTAMP[]", "a[1]", "2026-01-31 10:20:30.5")]
    [InlineData("""{"a": ["2026-01-31T10:20:30", "2026-01-31T10:20:30Z"]}""", "VARCHAR[]", "a[2]", "2026-01-31T10:20:30Z")]
    [InlineData("""{"a": {"t": "2026-01-31T10:20:30.123456789"}}""", "STRUCT(t VARCHAR)", "a.t", "2026-01-31T10:20:30.123456789")]
    [InlineData("""{"a": "2026-01-31T10:20:30.123456"}""", "TIMESTAMP", "a", "2026-01-31 10:20:30.123456")]
    [InlineData("""{"a": "2026-01-31T10:20:30.123456-05"}""", "TIMESTAMP WITH TIME ZONE", "a", "2026-01-31 15:20:30.123456+00")]
    [InlineData("""{"a": "2026-01-31"}""", "DATE", "a", "2026-01-31")]
    [InlineData("""{"a": "10:20:30.25"}""", "TIME", "a", "10:20:30.25")]
    [InlineData("""{"a": "24:00:00"}""", "VARCHAR", "a", "24:00:00")]
    [InlineData("""{"a": "2026-02-30"}""", "VARCHAR", "a", "2026-02-30")]
    [InlineData("""{"a": "0000-01-01"}""", "VARCHAR", "a", "0000-01-01")]
    [InlineData("""{"a": "infinity"}""", "VARCHAR", "a", "infinity")]
    [InlineData("""{"a": "31/01/2026"}""", "VARCHAR", "a", "31/01/2026")]
    [InlineData("""{"a": 1, "A": {"t": "2026-01-31T10:20:30+02:00"}}""", "STRUCT(t VARCHAR)", "\"A_1\".t", "2026-01-31T10:20:30+02:00")]
    public async Task Ingest_Value_KeepsAllOfIt(string json, string type, string expression, string value)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.ndjson", json + "\n"));
        string column = expression.StartsWith('"') ? "\"A_1\"" : "a";
        Assert.Equal([$"{type}|{value}"], await lake.RowsAsync($"SELECT typeof({column}), ({expression})::VARCHAR FROM s.t"));
    }

    [Theory]
    [InlineData("-5", "7", "BIGINT")]
    [InlineData("7", "-5", "BIGINT")]
    [InlineData("-9223372036854775808", "9223372036854775807", "BIGINT")]
    [InlineData("-5", "9223372036854775808", "DECIMAL(38,0)")]
    [InlineData("[-5, 7]", "[8]", "BIGINT[]")]
    [InlineData("[-5, 7]", "[18446744073709551615]", "DECIMAL(38,0)[]")]
    [InlineData("{\"x\": [{\"i\": -5}]}", "{\"x\": [{\"i\": 7}]}", "STRUCT(i BIGINT)[]")]
    public async Task Ingest_WholeNumbersOfBothSigns_AreWideOnlyWhereNeeded(string first, string second, string type)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.ndjson", $"{{\"a\": {first}}}\n{{\"a\": {second}}}\n"));
        await lake.IngestAsync(lake.Write("b.ndjson", Repeat($"{{\"a\": {first}}}\n", BehindSample) + $"{{\"a\": {second}}}\n"), r => r with { Table = QualifiedName.Of("s", "late") });
        string typed = type.StartsWith("STRUCT", StringComparison.Ordinal) ? "a.x" : "a";
        foreach (string table in (string[])["t", "late"])
            Assert.Equal([type], await lake.RowsAsync($"SELECT DISTINCT typeof({typed}) FROM s.{table}"));
    }

    private static string Repeat(string line, int count) => string.Concat(Enumerable.Repeat(line, count));

    [Theory]
    [InlineData("\"2026-01-31T10:20:30Z\"", "\"2026-01-31T10:20:30\"", "VARCHAR")]
    [InlineData("\"2026-01-31T10:20:30Z\"", "\"2026-01-31T10:20:30.123456789Z\"", "VARCHAR")]
    [InlineData("1.5", "9007199254740993", "VARCHAR")]
    [InlineData("1.5", "9007199254740994", "DOUBLE")]
    [InlineData("1.5e20", "1.5", "DOUBLE")]
    [InlineData("1.5e20", "9007199254740993", "VARCHAR")]
    [InlineData("[[1.5e20]]", "[[9007199254740993]]", "VARCHAR[][]")]
    [InlineData("[{\"x\": 1.5}]", "[{\"x\": 9007199254740993}]", "STRUCT(x VARCHAR)[]")]
    [InlineData("{\"t\": \"2026-01-31\"}", "{\"t\": \"soon\"}", "STRUCT(t VARCHAR)")]
    public async Task Ingest_ValueBehindTheFirstRows_DecidesTheType(string first, string last, string type)
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.ndjson", string.Concat(Enumerable.Range(0, BehindSample).Select(i => $"{{\"id\": {i}, \"v\": {(i == BehindSample - 1 ? last : first)}}}\n")));
        foreach (var handling in (ErrorHandling[])[ErrorHandling.Fail, ErrorHandling.Quarantine])
        {
            var result = await lake.IngestAsync(path, r => r with { OnError = handling, Mode = IngestMode.Overwrite });
            Assert.Equal((BehindSample, 0), (result.RowCount, result.RejectedCount));
            Assert.Equal([$"{BehindSample}|{type}"], await lake.RowsAsync("SELECT count(v), any_value(typeof(v)) FROM s.t"));
        }
    }

    [Theory]
    [InlineData("STRUCT(id DOUBLE)", """{"a": {"id": 9007199254740993}}""", "'a.id': '9007199254740993' is no double")]
    [InlineData("STRUCT(id DOUBLE)", """{"a": {"id": 12345678901234567890123}}""", "'a.id': '12345678901234567890123' is no double")]
    [InlineData("STRUCT(id INTEGER)[]", """{"a": [{"id": 1}, {"id": 1.5}]}""", "'a.element.id': '1.5' is no integer")]
    [InlineData("STRUCT(t TIMESTAMP)", """{"a": {"t": "2026-01-31T10:20:30+02:00"}}""", "'a.t': '2026-01-31T10:20:30+02:00' is no timestamp(6)")]
    public async Task Ingest_InnerValueThatTheColumnWouldAlter_IsRefusedByNameOrSetAside(string type, string bad, string message)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (a {type})");
        string path = lake.Write("a.ndjson", "{\"a\": null}\n" + bad + "\n");
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path));
        Assert.Contains("a.ndjson', line 2, column " + message, error.Message, StringComparison.Ordinal);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((1, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal(["2|column " + message], await lake.RowsAsync("SELECT line, reason FROM s.t__rejected"));
    }

    [Fact]
    public async Task Ingest_InnerValuesThatFit_AreTaken()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (a STRUCT(id DOUBLE, n VARCHAR, d DATE)[])");
        await lake.IngestAsync(lake.Write("a.ndjson", """{"a": [{"id": 1e20, "n": 7, "d": "2026-01-31"}, {"id": 9007199254740994, "n": "x", "d": null}, null]}"""));
        Assert.Equal(["1e+20|7|2026-01-31|9007199254740994|x|NULL"], await lake.RowsAsync("SELECT a[1].id::VARCHAR, a[1].n, a[1].d::VARCHAR, a[2].id::BIGINT, a[2].n, a[2].d::VARCHAR FROM s.t"));
    }

    // Whatever numbers and times stand at whatever depth: what is read says the same, digit for digit.
    [Fact]
    public async Task Ingest_RandomRecords_KeepEveryNumberAndInstant()
    {
        int rounds = Soak.Rounds(6, 300);
        for (int round = 0; round < rounds; round++)
        {
            var random = new Random(Soak.Seed + round);
            string[] lines = Lines(random);
            await using var lake = new IngestLake();
            await lake.IngestAsync(lake.Write("a.ndjson", string.Concat(lines.Select(l => l + "\n"))));
            string[] rows = await lake.RowsAsync("SELECT to_json(t)::VARCHAR FROM s.t AS t");
            Assert.Equal(lines.Length, rows.Length);
            foreach (var (line, row) in lines.Zip(rows))
            {
                using JsonDocument expected = JsonDocument.Parse(line), actual = JsonDocument.Parse(row);
                string? difference = JsonAgreement.Difference(expected.RootElement, actual.RootElement);
                Assert.True(difference is null, $"{difference}; seed {Soak.Seed + round}: {line} became {row}");
                Assert.Equal(WideNumbers(line), WideNumbers(row));
            }
        }
    }

    // Each field keeps to one or two kinds of values, as fields do.
    private static string[] Lines(Random random)
    {
        int[] kinds = [.. Enumerable.Range(0, 5).Select(_ => random.Next(8))], rare = [.. kinds.Select(k => random.Next(3) == 0 ? random.Next(8) : k)];
        return [.. Enumerable.Range(0, Records).Select(_ =>
        {
            string Next(int field) => random.Next(12) == 0 ? "null" : Value(random.Next(40) == 0 ? rare[field] : kinds[field], random);
            return $"{{\"a\": {Next(0)}, \"b\": {{\"x\": {Next(1)}, \"y\": [{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Next(2)))}]}}, \"c\": [{string.Join(", ", Enumerable.Range(0, random.Next(3)).Select(_ => $"{{\"p\": {Next(3)}, \"q\": [[{Next(4)}]]}}"))}]}}";
        })];
    }

    private static string Value(int kind, Random random) => kind switch
    {
        0 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        1 => (random.NextInt64() >> random.Next(40)).ToString(CultureInfo.InvariantCulture),
        2 => ((UInt128)random.NextInt64() * (UInt128)random.NextInt64()).ToString(CultureInfo.InvariantCulture),
        3 => (random.NextDouble() * 1e6).ToString("F4", CultureInfo.InvariantCulture),
        4 => $"\"{Time(random)}\"",
        5 => $"\"{Time(random)}Z\"",
        6 => $"\"{Time(random)}{random.Next(-11, 12):+00;-00}:30\"",
        _ => $"\"{Time(random)[..10]}\"",
    };

    private static string Time(Random random)
    {
        string fraction = random.Next(20) == 0 ? ".fffffff" : ".ffffff"[..random.Next(2, 8)];
        return new DateTime(random.NextInt64(new DateTime(1900, 1, 1).Ticks, new DateTime(2100, 1, 1).Ticks)).ToString($"yyyy-MM-ddTHH:mm:ss{(random.Next(2) == 0 ? "" : fraction)}", CultureInfo.InvariantCulture);
    }

    // Whole numbers that no double is, which agreement by value cannot tell apart.
    private static IEnumerable<string> WideNumbers(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        var found = new List<string>();
        while (reader.Read())
        {
            string text = reader.TokenType is JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : reader.TokenType is JsonTokenType.String ? reader.GetString()! : "";
            if (text.Length >= 16 && text.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0)
                found.Add(text);
        }

        return found.Order(StringComparer.Ordinal);
    }
}
